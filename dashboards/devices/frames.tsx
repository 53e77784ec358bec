// SPDX-License-Identifier: Apache-2.0
// What was really on the wire, the newest first. Read when asked for: nobody reads a table that moves.
import { useEffect, useState } from "preact/hooks";
import { Refused } from "../shared/ask";
import { Heads, Scroll } from "../shared/desk";
import { wordOf } from "./answered";
import { type Frame, read } from "./api";
import type { Desk } from "./app";

function Row({ desk: { say }, frame }: { desk: Desk; frame: Frame }) {
  return (
    <tr>
      <td class="number">{new Date(frame.at).toLocaleTimeString("nb-NO")}</td>
      <td>{say(frame.out ? "frame_out" : "frame_in")}</td>
      <td>
        <code>{frame.where}</code>
        {frame.retained && <small> {say("retained")}</small>}
      </td>
      <td>{frame.text === null ? <em>{say("withheld", { n: frame.bytes })}</em> : <code>{frame.text}</code>}</td>
    </tr>
  );
}

export function Frames({ desk, id }: { desk: Desk; id: string }) {
  const { say } = desk;
  const [frames, setFrames] = useState<Frame[] | string | null>(null);
  const look = () =>
    read<{ frames: Frame[] }>(`devices/${encodeURIComponent(id)}/frames`).then(
      (answer) => setFrames(answer.frames),
      (error) => setFrames(say(wordOf(error instanceof Refused ? error.status : 0))),
    );
  useEffect(() => void look(), [id]);
  return (
    <section data-part="frames">
      <div class="row spread">
        <h3>{say("frames")}</h3>
        <button type="button" class="quiet" onClick={look}>
          {say("again")}
        </button>
      </div>
      <p class="note">{say("frames_note")}</p>
      {frames === null || typeof frames === "string" ? (
        <p class="empty">{frames ?? say("reading")}</p>
      ) : frames.length === 0 ? (
        <p class="empty">{say("no_frames")}</p>
      ) : (
        <Scroll label={say("frames")} tall>
          <table class="wide frames">
            <Heads of={[say("when"), say("way"), say("where"), say("content")]} />
            <tbody>
              {[...frames].reverse().map((frame, i) => (
                <Row key={i} desk={desk} frame={frame} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}
