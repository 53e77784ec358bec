// SPDX-License-Identifier: Apache-2.0
// Who has read what of this participant, and why; the newest hundred.
import { type Desk, reasons } from "./app";
import { Loaded } from "./loaded";
import { Heads, Scroll } from "../shared/desk";
import { dateAndTime, sayKey } from "./text";

interface Entry {
  seq: number;
  t: string;
  actor: { kind: string; role: string; id: string };
  what: string;
  session: string | null;
  why: string | null;
  denied: boolean;
}

export function AccessLog({ desk, path }: { desk: Desk; path: string }) {
  const { say } = desk;
  const whyText = (why: string | null) => {
    const known = reasons.find(([reason]) => reason === why);
    return known ? say(known[1]) : (why ?? "");
  };
  return (
    <section>
      <h3>{say("access_log")}</h3>
      <Loaded<{ entries: Entry[] }> say={say} path={`${path}/access`}>
        {({ entries }) =>
          entries.length === 0 ? (
            <p class="empty">{say("nobody_read")}</p>
          ) : (
            <Scroll label={say("access_log")}>
              <table class="wide">
                <caption class="silent">{say("access_log")}</caption>
                <Heads of={[say("when"), say("who"), say("what"), say("reason")]} />
                <tbody>
                  {entries.map((entry) => (
                    <tr key={entry.seq}>
                      <th scope="row" class="number">{dateAndTime(entry.t)}</th>
                      <td>{`${entry.actor.id} (${sayKey(say, `role_${entry.actor.role}`, entry.actor.role)})`}</td>
                      <td>
                        {sayKey(say, `what_${entry.what.replaceAll(" ", "_")}`, entry.what)}
                        {entry.denied && ` – ${say("refused")}`}
                      </td>
                      <td>{whyText(entry.why)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )
        }
      </Loaded>
    </section>
  );
}
