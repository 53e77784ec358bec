// SPDX-License-Identifier: Apache-2.0
// What the team knows of each state in this person, row by row, and what it has been before.
import { useState } from "preact/hooks";
import { Refused } from "../shared/ask";
import { writeStateMap } from "./api";
import type { Desk } from "./app";
import { useAnswer, wordOf } from "./loaded";
import { stateText } from "./marks";
import { Heads, Scroll } from "../shared/desk";
import { dateAndTime, type Word } from "./text";

const states = ["calm", "attentive", "alarm", "fear", "terror", "shut_down"];
const longest = 110;
const columns = [
  ["looks_like", "map_looks_like"],
  ["makes_worse", "map_makes_worse"],
  ["seeks", "map_seeks"],
  ["helps", "map_helps"],
] as const satisfies [string, Word][];

export interface MapRow {
  looks_like: string;
  makes_worse: string;
  seeks: string;
  helps: string;
  activities: string; // ids, by spaces
}
interface StateMap {
  rows: Record<string, MapRow & { t: string; by: string }>;
  history: (MapRow & { state: string; t: string; by: string })[];
}

const empty: MapRow = { looks_like: "", makes_worse: "", seeks: "", helps: "", activities: "" };
const idsOf = (row: MapRow) => row.activities.split(" ").filter(Boolean);

function Editor({ desk, path, state, row, done }: { desk: Desk; path: string; state: string; row: MapRow; done: () => void }) {
  const { say } = desk;
  const [draft, setDraft] = useState<MapRow>({ ...empty, ...row });
  const [said, setSaid] = useState("");
  const chosen = idsOf(draft);
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      const { looks_like, makes_worse, seeks, helps, activities } = draft;
      await writeStateMap(path, state, { looks_like, makes_worse, seeks, helps, activities });
      done();
    } catch (error) {
      const status = error instanceof Refused ? error.status : 0;
      setSaid(say(status === 422 ? "map_too_long" : wordOf(status)));
    }
  };
  const toggle = (id: string) =>
    setDraft({ ...draft, activities: (chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]).join(" ") });
  return (
    <form class="editor" onSubmit={submit}>
      <h4>{stateText(desk, state)}</h4>
      {columns.map(([field, word]) => (
        <label key={field}>
          {say(word)}
          <textarea maxLength={longest} rows={2} value={draft[field]} onInput={(event) => setDraft({ ...draft, [field]: event.currentTarget.value.replaceAll("\n", " ") })}></textarea>
        </label>
      ))}
      <fieldset>
        <legend>{say("map_activities")}</legend>
        {desk.activities.map((id) => (
          <label key={id} class="check">
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
            {desk.activityName(id)}
          </label>
        ))}
      </fieldset>
      <p class="row">
        <button>{say("map_keep")}</button>
        <button type="button" onClick={done}>{say("map_leave")}</button>
        <span role="status">{said}</span>
      </p>
    </form>
  );
}

function History({ desk, history }: { desk: Desk; history: StateMap["history"] }) {
  const { say } = desk;
  if (history.length === 0) return null;
  return (
    <details>
      <summary>{say("map_history")}</summary>
      <Scroll label={say("map_history")}>
        <table class="wide">
          <caption class="silent">{say("map_history")}</caption>
          <Heads of={[say("when"), say("who"), say("map_state"), ...columns.map(([, word]) => say(word))]} />
          <tbody>
            {history.map((change, i) => (
              <tr key={i}>
                <th scope="row" class="number">{dateAndTime(change.t)}</th>
                <td>{change.by}</td>
                <td>{stateText(desk, change.state)}</td>
                {columns.map(([field]) => (
                  <td key={field}>{change[field]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}

export function StateMapView({ desk, path }: { desk: Desk; path: string }) {
  const { say } = desk;
  const [edited, edit] = useState<string | null>(null);
  const [written, setWritten] = useState(0);
  // What stands behind the ? asks anew after a change.
  const { answer, refused } = useAnswer<StateMap>(`${path}/state-map${written === 0 ? "" : `?seen=${written}`}`);
  const done = () => {
    edit(null);
    setWritten((n) => n + 1);
  };
  return (
    <section data-part="state-map">
      <h3>{say("map")}</h3>
      <p class="note">{say("map_note")}</p>
      {refused !== undefined && <p class="empty">{say(wordOf(refused))}</p>}
      {answer && (
        <>
          <Scroll label={say("map")} tall>
            <table class="wide map">
              <caption class="silent">{say("map")}</caption>
              <Heads of={[say("map_state"), ...columns.map(([, word]) => say(word)), say("map_activities"), say("map_edit")]} />
              <tbody>
                {states.map((state) => {
                  const row = answer.rows[state] ?? empty;
                  return (
                    <tr key={state}>
                      <th scope="row">{stateText(desk, state)}</th>
                      {columns.map(([field]) => (
                        <td key={field}>{row[field]}</td>
                      ))}
                      <td>{idsOf(row).map(desk.activityName).join("; ")}</td>
                      <td>
                        <button type="button" class="quiet" onClick={() => edit(state)} aria-label={`${say("map_edit")}: ${stateText(desk, state)}`}>
                          {say("map_edit")}
                        </button>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </Scroll>
          {edited !== null && <Editor key={edited} desk={desk} path={path} state={edited} row={answer.rows[edited] ?? empty} done={done} />}
          <History desk={desk} history={answer.history} />
        </>
      )}
    </section>
  );
}
