// SPDX-License-Identifier: Apache-2.0
// Every device in one table, the worst first; one of them when the address names it.
import { Heads } from "../shared/desk";
import { Answered } from "./answered";
import type { DeviceRow } from "./api";
import type { Desk } from "./app";
import { DevicePage } from "./device";
import { usePolled } from "./poll";
import { Silence } from "./silence";
import { sayKey, span } from "./text";
import type { ViewProps } from "./views";

const lowBattery = 0.2;
const weakDbm = -80;
const weakLqi = 50; // of 255
const sure = ["verified", "built_in", "not_needed"];
const worst = ["lost", "late", "unknown", "changed", "ok"];

// Everything that is wrong with a device, the gravest first.
export function troubles({ say }: Desk, row: DeviceRow): string[] {
  const seen = row.last_seen_s === null ? "" : span(say, row.last_seen_s);
  const said: string[] = [];
  if (row.state === "unknown") said.push(say("is_unknown"));
  if (row.state === "lost") said.push(seen === "" ? say("is_lost") : say("is_lost_since", { span: seen }));
  if (row.state === "late") said.push(say("is_late", { span: seen }));
  if (row.state === "changed") said.push(say("is_changed"));
  if (row.battery !== null && row.battery < lowBattery) said.push(say("battery_is_low", { n: Math.round(row.battery * 100) }));
  if ((row.rssi_dbm ?? 0) < weakDbm || (row.lqi ?? 255) < weakLqi) said.push(say("signal_is_weak"));
  if (row.fail_safe !== null && ["not_set", "differs", "other_settings"].includes(row.fail_safe)) {
    said.push(sayKey(say, `fail_safe_${row.fail_safe}`, row.fail_safe));
  }
  return said;
}

// Which mark it has: in contact and yet not right is another thing than in order.
export const mark = (row: DeviceRow, wrong: string[]) => (row.state === "ok" && wrong.length > 0 ? "warn" : row.state);

export const badness = (row: DeviceRow) =>
  (row.silenced_until === null ? worst.length - worst.indexOf(row.state) : 1) * 100 +
  (row.battery !== null && row.battery < lowBattery ? 50 : 0) +
  (row.fail_safe === null || sure.includes(row.fail_safe) || row.fail_safe === "none" ? 0 : 20) +
  Math.min(Object.values(row.errors).reduce((sum, n) => sum + n, 0), 19);

export function signal(say: Desk["say"], row: DeviceRow): string {
  if (row.rssi_dbm !== null) return say("n_dbm", { n: Math.round(row.rssi_dbm) });
  return row.lqi !== null ? say("n_lqi", { n: Math.round(row.lqi) }) : "–";
}

export function FailSafe({ desk: { say, language }, row }: { desk: Desk; row: DeviceRow }) {
  if (row.fail_safe === null) return null;
  const date = row.fail_safe_at === null ? "" : new Date(row.fail_safe_at).toLocaleDateString(language === "nb" ? "nb-NO" : "en-GB");
  const level = row.fail_safe_level === null ? "" : say("percent", { n: Math.round(row.fail_safe_level * 100) });
  return (
    <>
      {sayKey(say, `fail_safe_${row.fail_safe}`, row.fail_safe)}
      {(level || date) && <small> {[level, date].filter(Boolean).join(", ")}</small>}
    </>
  );
}

export function Errors({ desk: { say }, row }: { desk: Desk; row: DeviceRow }) {
  const all = Object.entries(row.errors);
  if (all.length === 0 && row.reconnects === 0) return <>–</>;
  return (
    <ul class="errors">
      {all.map(([kind, n]) => (
        <li key={kind}>
          <b class="number">{n}</b> {sayKey(say, `error_${kind}`, kind)}
        </li>
      ))}
      {row.reconnects > 0 && (
        <li>
          <b class="number">{row.reconnects}</b> {say("reconnects")}
        </li>
      )}
    </ul>
  );
}

export const seen = (say: Desk["say"], row: DeviceRow) =>
  row.last_seen_s === null ? say("never") : say("ago", { span: span(say, row.last_seen_s) });

interface RowProps {
  desk: Desk;
  row: DeviceRow;
  again: () => void;
}
function Row({ desk, row, again }: RowProps) {
  const { say } = desk;
  const wrong = troubles(desk, row);
  const low = row.battery !== null && row.battery < lowBattery;
  return (
    <tr data-state={mark(row, wrong)} data-device={row.id}>
      <td>{row.place}</td>
      <th scope="row">
        <a href={`#/devices/${encodeURIComponent(row.id)}`}>{row.id}</a>
        <small>
          {row.name === null ? "" : ` «${row.name}»`} {row.profile}
        </small>
      </th>
      <td class="state">
        <i class="mark" aria-hidden="true" /> {wrong.length === 0 ? say("state_ok") : wrong.join(". ")}
        {row.state !== "ok" && row.state !== "changed" && (
          <Silence desk={desk} fault="device_down" device={row.id} until={row.silenced_until} done={again} />
        )}
      </td>
      <td class="number">{seen(say, row)}</td>
      <td class="number">{signal(say, row)}</td>
      <td class="number" data-low={low}>
        {row.battery === null ? "–" : say("percent", { n: Math.round(row.battery * 100) })}
      </td>
      <td class="number right">{row.messages_per_min}</td>
      <td>{row.firmware ?? "–"}</td>
      <td>
        <Errors desk={desk} row={row} />
      </td>
      <td>
        <FailSafe desk={desk} row={row} />
      </td>
    </tr>
  );
}

function Sum({ desk, rows }: { desk: Desk; rows: DeviceRow[] }) {
  const { say } = desk;
  const wrong = rows.filter((row) => row.silenced_until === null && troubles(desk, row).length > 0).length;
  return (
    <p class="sum" data-wrong={wrong > 0}>
      {wrong === 0 ? say("all_well", { n: rows.length }) : say("some_wrong", { n: wrong, all: rows.length })}
    </p>
  );
}

export function Devices({ desk, rest: [id] }: ViewProps) {
  const { say } = desk;
  const devices = usePolled<DeviceRow[]>("devices");
  const heads = [say("place"), say("device"), say("state"), say("last_seen"), say("signal"), say("battery"), say("per_min"), say("firmware"), say("errors"), say("fail_safe")];
  return (
    <Answered desk={desk} of={devices}>
      {(rows) =>
        id !== undefined ? (
          <DevicePage key={id} desk={desk} id={id} row={rows.find((one) => one.id === id)} again={devices.again} />
        ) : (
          <>
            <Sum desk={desk} rows={rows} />
            <div class="scroller" tabIndex={0} role="region" aria-label={say("devices")}>
              <table class="wide devices">
                <Heads of={heads} />
                <tbody>
                  {[...rows]
                    .sort((a, b) => badness(b) - badness(a))
                    .map((row) => (
                      <Row key={row.id} desk={desk} row={row} again={devices.again} />
                    ))}
                </tbody>
              </table>
            </div>
            <p class="note">{say("counted_since")}</p>
          </>
        )
      }
    </Answered>
  );
}
