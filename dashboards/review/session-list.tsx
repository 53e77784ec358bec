// SPDX-License-Identifier: Apache-2.0
import type { SessionRow } from "./api";
import type { Desk } from "./app";
import { Heads } from "../shared/desk";
import { clockOf, dateAndTime, rounded, sayKey, type Say } from "./text";

export const endWord = (say: Say, reason: string | null) => sayKey(say, `end_${reason ?? "open"}`, reason ?? "");

const lengthOf = ({ start, end }: SessionRow) => (end === null ? "" : clockOf((Date.parse(end) - Date.parse(start)) / 1000));

export function SessionList({ desk, sessions }: { desk: Desk; sessions: SessionRow[] }) {
  const { say, language, presetName } = desk;
  return (
    <table class="wide">
      <caption>{say("list")}</caption>
      <Heads of={[say("start"), say("preset"), say("length"), say("ended"), say("recorded"), say("valid_share")]} />
      <tbody>
        {sessions.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <a href={`#/session/${one.id}`}>{dateAndTime(one.start)}</a>
            </th>
            <td>{`${presetName(one.preset)}, ${say("version", { n: one.preset_version })}`}</td>
            <td class="number">{lengthOf(one)}</td>
            <td>{endWord(say, one.end_reason)}</td>
            <td>{say(one.recording ? "yes" : "no")}</td>
            <td class="number">
              {one.valid_share === null ? say("unknown") : `${rounded(one.valid_share * 100, 0, language)} %`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
