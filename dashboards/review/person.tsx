// SPDX-License-Identifier: Apache-2.0
// One participant, and only that one: sessions, the last twelve beside each other, shifts, what was tried.
import type { CalmPulses, Days, SessionRow } from "./api";
import type { Desk } from "./app";
import { AccessLog } from "./access-log";
import { Calendar } from "./calendar";
import { ChangeTables } from "./changes";
import { Compare } from "./compare";
import { Loaded } from "./loaded";
import { stateText } from "./marks";
import { Record } from "./session-actions";
import { SessionList } from "./session-list";
import { StateMapView } from "./state-map";
import { Heads, Scroll } from "../shared/desk";
import { dateAndTime, rounded, sayKey } from "./text";

function Shifts({ desk, code }: { desk: Desk; code: string }) {
  return (
    <section>
      <h3>{desk.say("days")}</h3>
      <Loaded<Days> say={desk.say} path={`participants/${code}/days?last=60`}>
        {({ days }) =>
          days.length === 0 ? (
            <p class="empty">{desk.say("no_days")}</p>
          ) : (
            <dl class="shifts" tabIndex={0}>
              {days.map(({ day, states }) => (
                <div key={day}>
                  <dt>{`${day.slice(8, 10)}.${day.slice(5, 7)}.${day.slice(0, 4)}`}</dt>
                  <dd>
                    {states
                      .filter((one, i) => one.state !== states[i - 1]?.state)
                      .map((one) => stateText(desk, one.state))
                      .join(" → ")}
                  </dd>
                </div>
              ))}
            </dl>
          )
        }
      </Loaded>
    </section>
  );
}

function CalmPulse({ desk, code }: { desk: Desk; code: string }) {
  const { say, language } = desk;
  return (
    <section>
      <h3>{say("baselines")}</h3>
      <Loaded<CalmPulses> say={say} path={`participants/${code}/baselines?last=50`}>
        {({ history }) =>
          history.length === 0 ? (
            <p class="empty">{say("no_baselines")}</p>
          ) : (
            <table class="wide">
              <caption class="silent">{say("baselines")}</caption>
              <Heads of={[say("when"), say("plot_pulse"), say("quality"), say("reason")]} />
              <tbody>
                {history.map((one) => (
                  <tr key={one.t}>
                    <th scope="row">{dateAndTime(one.t)}</th>
                    <td class="number">{one.bpm === null ? say("unknown") : `${rounded(one.bpm, 0, language)} (${say("n_good", { n: one.n })})`}</td>
                    <td>{sayKey(say, `quality_${one.quality}`, one.quality)}</td>
                    <td>{one.reason === null ? "" : sayKey(say, `reason_${one.reason}`, one.reason)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </section>
  );
}

export function Person({ desk, code }: { desk: Desk; code: string }) {
  const { say } = desk;
  const path = `participants/${encodeURIComponent(code)}`;
  return (
    <article>
      <h2>{say("sessions_of", { code })}</h2>
      <Record desk={desk} path={path} code={code} />
      <Loaded<SessionRow[]> say={say} path={`${path}/sessions`}>
        {(sessions) =>
          sessions.length === 0 ? (
            <p class="empty">{say("no_sessions")}</p>
          ) : (
            <>
              <div class="columns">
                <Calendar desk={desk} sessions={sessions} />
                <Scroll label={say("list")} tall>
                  <SessionList desk={desk} sessions={sessions.toSorted((a, b) => b.start.localeCompare(a.start))} />
                </Scroll>
              </div>
              <Compare desk={desk} code={code} />
              <div class="columns">
                <Shifts desk={desk} code={code} />
                <CalmPulse desk={desk} code={code} />
              </div>
              <ChangeTables desk={desk} code={code} />
            </>
          )
        }
      </Loaded>
      <StateMapView desk={desk} path={path} />
      <AccessLog desk={desk} path={path} />
    </article>
  );
}
