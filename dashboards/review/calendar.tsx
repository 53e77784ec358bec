// SPDX-License-Identifier: Apache-2.0
// A month of sessions, week by week, Monday first.
import { useState } from "preact/hooks";
import type { SessionRow } from "./api";
import type { Desk } from "./app";
import { Heads } from "../shared/desk";

const locale = { nb: "nb-NO", en: "en-GB" };
const dayKey = (date: Date) =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;

function weeksOf(month: Date): Date[][] {
  const monday = new Date(month);
  monday.setDate(1 - ((month.getDay() + 6) % 7));
  const weeks: Date[][] = [];
  for (let day = monday; weeks.length === 0 || day.getMonth() === month.getMonth(); ) {
    weeks.push(
      Array.from({ length: 7 }, (_, i) => new Date(day.getFullYear(), day.getMonth(), day.getDate() + i)),
    );
    day = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 7);
  }
  return weeks;
}

export function Calendar({ desk, sessions }: { desk: Desk; sessions: SessionRow[] }) {
  const newest = sessions.map((one) => one.start).sort().at(-1) ?? dayKey(new Date());
  const [month, setMonth] = useState(new Date(Number(newest.slice(0, 4)), Number(newest.slice(5, 7)) - 1, 1));
  const { say, language } = desk;
  const by = (months: number) => () => setMonth(new Date(month.getFullYear(), month.getMonth() + months, 1));
  const weekdays = weeksOf(month)[0]!.map((day) => day.toLocaleDateString(locale[language], { weekday: "short" }));
  return (
    <div class="calendar">
      <p class="row">
        <button type="button" onClick={by(-1)}>{`← ${say("earlier")}`}</button>
        <strong aria-live="polite">{month.toLocaleDateString(locale[language], { month: "long", year: "numeric" })}</strong>
        <button type="button" onClick={by(1)}>{`${say("later")} →`}</button>
      </p>
      <table>
        <caption>{say("calendar")}</caption>
        <Heads of={weekdays} />
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={dayKey(week[0]!)}>
              {week.map((day) => (
                <td key={dayKey(day)} data-other={day.getMonth() !== month.getMonth()}>
                  <span class="day">{day.getDate()}</span>
                  {sessions
                    .filter((one) => one.start.startsWith(dayKey(day)))
                    .map((one) => (
                      <a key={one.id} href={`#/session/${one.id}`}>
                        {one.start.slice(11, 16)} <span>{desk.presetName(one.preset)}</span>
                      </a>
                    ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
