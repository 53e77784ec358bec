// SPDX-License-Identifier: Apache-2.0
// What was tried, and how often state and index were lower, the same or higher afterwards. By name, never by size.
import type { Change, ChangeGroup, Changes, Interval } from "./api";
import type { Desk } from "./app";
import { Loaded } from "./loaded";
import { Scroll } from "../shared/desk";
import { rounded } from "./text";

function Cells({ desk, change, digits }: { desk: Desk; change: Change; digits: number }) {
  const { say, language } = desk;
  const interval = (of: Interval, times: number, places: number) =>
    say("interval", {
      low: rounded(of.low * times, places, language)!,
      high: rounded(of.high * times, places, language)!,
      percent: rounded(of.coverage * 100, 0, language)!,
    });
  return (
    <>
      <td class="number">{`${change.lower} / ${change.same} / ${change.higher}`}</td>
      <td>
        {change.too_few || change.median === null ? (
          say("too_few")
        ) : (
          <>
            <strong>{rounded(change.median, digits, language)}</strong>{" "}
            <small>{change.median_interval ? interval(change.median_interval, 1, digits) : ""}</small>
          </>
        )}
      </td>
      <td>{change.lower_share_interval ? `${interval(change.lower_share_interval, 100, 0)}` : say("too_few")}</td>
    </>
  );
}

function Groups({ desk, groups, title, name }: { desk: Desk; groups: ChangeGroup[]; title: string; name: (id: string) => string }) {
  const { say } = desk;
  if (groups.length === 0) return null;
  const columns = (
    <>
      <th scope="col">{say("lower_same_higher")}</th>
      <th scope="col">{say("median")}</th>
      <th scope="col">{`${say("share_lower")}, %`}</th>
    </>
  );
  return (
    <Scroll label={title}>
      <table class="wide">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>{say("tried")}</th>
            <th scope="col" rowSpan={2}>{say("n_sessions")}</th>
            <th scope="colgroup" colSpan={3}>{say("rating")}</th>
            <th scope="colgroup" colSpan={3}>{say("index")}</th>
          </tr>
          <tr>
            {columns}
            {columns}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.id}>
              <th scope="row">{name(group.id)}</th>
              <td class="number">{group.sessions}</td>
              <Cells desk={desk} change={group.rating} digits={1} />
              <Cells desk={desk} change={group.index} digits={2} />
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

export function ChangeTables({ desk, code }: { desk: Desk; code: string }) {
  const { say } = desk;
  return (
    <section>
      <h3>{say("changes")}</h3>
      <p class="note">{say("changes_note")}</p>
      <Loaded<Changes> say={say} path={`participants/${code}/changes`}>
        {({ presets, activities }) => (
          <>
            <Groups desk={desk} groups={presets} title={say("presets")} name={desk.presetName} />
            <Groups desk={desk} groups={activities} title={say("activities")} name={desk.activityName} />
          </>
        )}
      </Loaded>
    </section>
  );
}
