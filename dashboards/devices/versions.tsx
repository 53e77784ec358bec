// SPDX-License-Identifier: Apache-2.0
// What the settings have been: the last twenty states, what each would change, and the way back to it.
import { useState } from "preact/hooks";
import { ask, Refused } from "../shared/ask";
import { Heads } from "../shared/desk";
import { wordOf } from "./answered";
import type { Desk } from "./app";
import { DiffView } from "./diff";
import { type Once, useOnce } from "./once";
import { type Difference, restore, type Settings, type Version } from "./settings-api";
import { moment, type Word } from "./text";
import { trialBegan } from "./trial";
import type { ViewProps } from "./views";

const whyWords: Record<Version["why"], Word> = {
  first: "why_first",
  by_hand: "why_by_hand",
  applied: "why_applied",
  restored: "why_restored",
  put_back: "why_put_back",
};

function Waiting<Answer>({ desk: { say }, of }: { desk: Desk; of: Once<Answer> }) {
  return of.refused === undefined ? (
    <p class="empty">{say("reading")}</p>
  ) : (
    <p class="trouble" role="status">
      {say(wordOf(of.refused))}
    </p>
  );
}

// From what is there now to what was then.
function WayBack({ desk, number, done }: { desk: Desk; number: number; done: () => void }) {
  const { say } = desk;
  const difference = useOnce<Difference>(`settings/diff?from=now&to=${number}`);
  const [said, setSaid] = useState("");
  const back = async () => {
    try {
      const { base }: Settings = await (await ask("settings")).json();
      await restore(base, number);
      trialBegan();
      done();
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused(0);
      setSaid(say("not_used", { why: refused.detail || say(wordOf(refused.status)) }));
    }
  };
  if (!difference.answer) return <Waiting desk={desk} of={difference} />;
  const same = difference.answer.files.length === 0;
  return (
    <section data-part="way-back">
      <h3>{say("back_to_n", { n: number })}</h3>
      <DiffView desk={desk} files={difference.answer.files} />
      <p class="row">
        <button type="button" class="strong" disabled={same} onClick={back}>
          {say("use_version", { n: number })}
        </button>
        <button type="button" class="quiet" onClick={done}>
          {say("leave")}
        </button>
      </p>
      {said && (
        <p class="trouble" role="alert">
          {said}
        </p>
      )}
    </section>
  );
}

export function Versions({ desk }: ViewProps) {
  const { say, language } = desk;
  const versions = useOnce<Version[]>("settings/versions");
  const [chosen, choose] = useState<number | null>(null);
  if (!versions.answer) return <Waiting desk={desk} of={versions} />;
  const [newest] = versions.answer;
  return (
    <>
      <h2>{say("versions")}</h2>
      <p class="note">{say("versions_note")}</p>
      {chosen !== null && <WayBack key={chosen} desk={desk} number={chosen} done={() => choose(null)} />}
      <div class="scroller" tabIndex={0} role="region" aria-label={say("versions")}>
        <table class="wide">
          <Heads of={[say("version_n"), say("when"), say("who"), say("how"), say("changed_files"), say("back_there")]} />
          <tbody>
            {versions.answer.map((one) => (
              <tr key={one.number} data-version={one.number}>
                <th scope="row" class="number right">
                  {one.number}
                </th>
                <td class="number">{moment(one.at_s, language)}</td>
                <td>{one.by || "–"}</td>
                <td>{say(whyWords[one.why])}</td>
                <td class="names">{one.changed.join(", ") || "–"}</td>
                <td>
                  {one === newest ? (
                    say("is_now")
                  ) : (
                    <button type="button" class="quiet" onClick={() => choose(one.number)}>
                      {say("see_and_go_back")} <span class="silent">{one.number}</span>
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

export function Yesterday({ desk }: ViewProps) {
  const { say, language } = desk;
  const difference = useOnce<Difference>("settings/diff?from=yesterday&to=now");
  if (!difference.answer) return <Waiting desk={desk} of={difference} />;
  const { since, files } = difference.answer;
  return (
    <>
      <h2>{say("since_yesterday")}</h2>
      {since && <p class="note">{say("since_version", { n: since.number, when: moment(since.at_s, language) })}</p>}
      <DiffView desk={desk} files={files} />
    </>
  );
}
