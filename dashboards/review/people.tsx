// SPDX-License-Identifier: Apache-2.0
// Codes that are in use. Which child one is stands in the institution's own papers, not here.
import { Loaded } from "./loaded";
import type { Say } from "./text";

interface Row {
  code: string;
  sessions: number;
}

export function People({ say }: { say: Say }) {
  return (
    <section>
      <h2>{say("participants")}</h2>
      <Loaded<Row[]> say={say} path="participants">
        {(rows) =>
          rows.length === 0 ? (
            <p class="empty">{say("no_participants")}</p>
          ) : (
            <ul class="codes">
              {rows.map(({ code, sessions }) => (
                <li key={code}>
                  <a href={`#/participant/${encodeURIComponent(code)}`}>
                    <strong>{code}</strong> <span>{`${sessions} ${say("sessions").toLowerCase()}`}</span>
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
