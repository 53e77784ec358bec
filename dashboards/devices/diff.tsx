// SPDX-License-Identifier: Apache-2.0
// What changed, line by line: signs and words beside the colours.
import { Scroll } from "../shared/desk";
import type { Desk } from "./app";
import type { FileDiff, Sign } from "./settings-api";
import type { Word } from "./text";

const wordOf: Record<FileDiff["what"], Word> = { added: "file_added", removed: "file_removed", changed: "file_changed" };

function Line({ desk: { say }, sign, text, number }: { desk: Desk; sign: Sign; text: string; number: number }) {
  const shown = text === "" ? " " : text;
  return (
    <tr data-sign={sign}>
      <td class="number">{number}</td>
      <td>
        {sign === " " ? <span>{shown}</span> : sign === "+" ? <ins>{shown}</ins> : <del>{shown}</del>}
        {sign !== " " && <span class="silent">{say(sign === "+" ? "line_added" : "line_removed")}</span>}
      </td>
    </tr>
  );
}

function Hunk({ desk, hunk }: { desk: Desk; hunk: FileDiff["hunks"][number] }) {
  let before = hunk.before;
  let after = hunk.after;
  return (
    <tbody>
      {hunk.lines.map(([sign, text], i) => {
        const number = sign === "-" ? before : after;
        if (sign !== "+") before += 1;
        if (sign !== "-") after += 1;
        return <Line key={i} desk={desk} sign={sign} text={text} number={number} />;
      })}
    </tbody>
  );
}

export function DiffView({ desk, files }: { desk: Desk; files: FileDiff[] }) {
  const { say } = desk;
  if (files.length === 0) return <p class="empty">{say("no_difference")}</p>;
  return (
    <div data-part="diff">
      {files.map((one) => (
        <Scroll key={one.file} label={one.file} tall>
          <table class="diff">
            <caption>
              {one.file} <small>{say(wordOf[one.what])}</small>
            </caption>
            {one.hunks.map((hunk, i) => (
              <Hunk key={i} desk={desk} hunk={hunk} />
            ))}
          </table>
        </Scroll>
      ))}
    </div>
  );
}
