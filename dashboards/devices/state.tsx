// SPDX-License-Identifier: Apache-2.0
// How the room is kept, its log, and one file for whoever helps from elsewhere.
import { useState } from "preact/hooks";
import { ask, Refused } from "../shared/ask";
import { Heads } from "../shared/desk";
import { Answered, wordOf } from "./answered";
import type { Desk } from "./app";
import { usePolled } from "./poll";
import { backUp, type LogLine, type State } from "./settings-api";
import { bytes, moment, span, type Word } from "./text";
import type { ViewProps } from "./views";

type Verdict = "well" | "unsure" | "bad";
const oldBackupDays = 7;
const soonDays = 30;
const littleDisk = 0.1;
const daySeconds = 86_400;

interface Fact {
  name: string;
  verdict: Verdict;
  says: string;
  more?: string | string[]; // one thing a line
  act?: { word: Word; busy: boolean; take: () => Promise<unknown> };
}

function backup({ say, language }: Desk, { backup: { recipient, running, folder, daily, last, failed }, now_s }: State): Fact {
  const name = say("backup");
  if (!recipient) return { name, verdict: "bad", says: say("backup_no_key"), more: say("backup_no_key_do") };
  const age = last && now_s - last.at_s;
  const dies = last?.same_disk ?? false;
  const says = running ? say("backup_running") : age === null ? say("backup_never") : say("ago", { span: span(say, age) });
  const more = [
    failed && say("backup_failed", { text: failed.text }),
    last && `${moment(last.at_s, language)}, ${bytes(last.bytes, language)}`,
    say(dies ? "backup_same_disk" : "backup_folder", { folder }),
    !daily && say("backup_not_daily"),
  ];
  const bad = age === null || failed !== null;
  return {
    name,
    verdict: bad ? "bad" : dies || age > oldBackupDays * daySeconds ? "unsure" : "well",
    says,
    more: more.filter((line): line is string => typeof line === "string"),
    act: { word: "backup_take", busy: running, take: backUp },
  };
}

function certificate({ say }: Desk, { certificate }: State): Fact {
  const name = say("certificate");
  if (certificate === null) return { name, verdict: "well", says: say("certificate_none") };
  const days = Math.floor(certificate.days);
  if (days < 0) return { name, verdict: "bad", says: say("certificate_ended"), more: say("certificate_do") };
  return { name, verdict: days < soonDays ? "unsure" : "well", says: say("certificate_days", { n: days }), ...(days < soonDays ? { more: say("certificate_do") } : {}) };
}

function disk({ say, language }: Desk, { disk: { free_bytes, all_bytes } }: State): Fact {
  const name = say("disk");
  if (free_bytes === null || all_bytes === null) return { name, verdict: "unsure", says: say("not_known") };
  return {
    name,
    verdict: free_bytes / all_bytes < littleDisk ? "bad" : "well",
    says: say("disk_free", { free: bytes(free_bytes, language) }),
    more: say("disk_of", { all: bytes(all_bytes, language), n: Math.round((100 * free_bytes) / all_bytes) }),
  };
}

function journal({ say, language }: Desk, { journal }: State): Fact {
  const name = say("journal");
  const size = journal.bytes === null ? say("not_known") : bytes(journal.bytes, language);
  if (!journal.recording) return { name, verdict: "bad", says: say("journal_stopped"), more: journal.fault };
  if (journal.log_held_by !== "") return { name, verdict: "unsure", says: size, more: say("journal_held", { who: journal.log_held_by }) };
  return { name, verdict: journal.dropped + journal.failures > 0 ? "unsure" : "well", says: size, more: say("journal_counts", { dropped: journal.dropped, failures: journal.failures }) };
}

function facts(desk: Desk, state: State): Fact[] {
  const { say } = desk;
  const { ok, all } = state.devices;
  return [
    backup(desk, state),
    certificate(desk, state),
    disk(desk, state),
    journal(desk, state),
    { name: say("broker"), verdict: state.broker ? "well" : "bad", says: say(state.broker ? "broker_there" : "broker_away") },
    { name: say("devices"), verdict: ok === all ? "well" : "unsure", says: say("devices_ok", { n: ok, all }) },
    { name: say("software"), verdict: "well", says: `Rytme ${state.version}`, more: say("up_for", { span: span(say, state.uptime_s) }) },
  ];
}

const markOf: Record<Verdict, string> = { well: "ok", unsure: "late", bad: "lost" };

function Act({ desk: { say }, act: { word, busy, take } }: { desk: Desk; act: NonNullable<Fact["act"]> }) {
  const [refused, setRefused] = useState<number | null>(null);
  const go = () => {
    setRefused(null);
    take().catch((error) => setRefused(error instanceof Refused ? error.status : 0));
  };
  return (
    <>
      <button type="button" disabled={busy} onClick={go}>
        {say(word)}
      </button>
      <p role="status">{refused !== null && say(wordOf(refused))}</p>
    </>
  );
}

export function RoomState({ desk }: ViewProps) {
  const { say } = desk;
  const state = usePolled<State>("state");
  return (
    <>
      <h2>{say("room_state")}</h2>
      <Answered desk={desk} of={state}>
        {(answer) => (
          <dl class="cards">
            {facts(desk, answer).map(({ name, verdict, says, more, act }) => (
              <div key={name} class="card" data-state={markOf[verdict]} data-verdict={verdict}>
                <dt>
                  <i class="mark" aria-hidden="true" /> {name}
                </dt>
                <dd>
                  <strong>{says}</strong>
                  {verdict !== "well" && <span class="silent">{say(verdict === "bad" ? "is_bad" : "is_unsure")}</span>}
                  {[more ?? []].flat().map((line) => (
                    <p key={line}>{line}</p>
                  ))}
                  {act && <Act desk={desk} act={act} />}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Answered>
    </>
  );
}

const levels = ["info", "warning", "error"] as const;

export function Log({ desk }: ViewProps) {
  const { say, language } = desk;
  const [level, setLevel] = useState<(typeof levels)[number]>("info");
  const log = usePolled<LogLine[]>(`logs?level=${level}`);
  return (
    <>
      <div class="row spread">
        <h2>{say("log")}</h2>
        <label class="row">
          {say("log_from")}
          <select value={level} onChange={(event) => setLevel(event.currentTarget.value as typeof level)}>
            {levels.map((one) => (
              <option key={one} value={one}>
                {say(`level_${one}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class="note">{say("log_note")}</p>
      <Answered desk={desk} of={log}>
        {(lines) =>
          lines.length === 0 ? (
            <p class="empty">{say("log_empty")}</p>
          ) : (
            <div class="scroller" tabIndex={0} role="region" aria-label={say("log")}>
              <table class="wide log">
                <Heads of={[say("when"), say("log_level"), say("log_text")]} />
                <tbody>
                  {[...lines].reverse().map((line, i) => (
                    <tr key={i} data-level={line.level}>
                      <td class="number">{moment(line.at_s, language, true)}</td>
                      <td>{line.level === "info" || line.level === "warning" || line.level === "error" ? say(`level_${line.level}`) : line.level}</td>
                      <td lang="en">{line.text}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answered>
    </>
  );
}

async function takeBundle(): Promise<void> {
  const address = URL.createObjectURL(await (await ask("support")).blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = "rytme-support.zip";
  link.click();
  URL.revokeObjectURL(address);
}

export function Support({ desk: { say } }: ViewProps) {
  const [refused, setRefused] = useState<number | null>(null);
  const take = () => {
    setRefused(null);
    takeBundle().catch((error) => setRefused(error instanceof Refused ? error.status : 0));
  };
  return (
    <>
      <h2>{say("support")}</h2>
      <p class="note">{say("support_note")}</p>
      <ul class="contents">
        {(["support_settings", "support_versions", "support_state", "support_log"] as const).map((word) => (
          <li key={word}>{say(word)}</li>
        ))}
      </ul>
      <p class="note">{say("support_not")}</p>
      <button type="button" class="strong" onClick={take}>
        {say("support_take")}
      </button>
      <p role="status">{refused !== null && say(wordOf(refused))}</p>
    </>
  );
}
