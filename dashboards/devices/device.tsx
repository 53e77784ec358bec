// SPDX-License-Identifier: Apache-2.0
// One device: what is wrong, what it says now, what it was commissioned with, what is really on the wire; test and
// replacement.
import { useState } from "preact/hooks";
import { Heads, Scroll } from "../shared/desk";
import { Answered } from "./answered";
import type { Device, DeviceRow } from "./api";
import type { Desk } from "./app";
import { Errors, FailSafe, mark, seen, signal, troubles } from "./devices";
import { Frames } from "./frames";
import { usePolled } from "./poll";
import { Replace } from "./replace";
import { Silence } from "./silence";
import { Test } from "./test";
import { sayKey, span } from "./text";

interface PageProps {
  desk: Desk;
  id: string;
  row: DeviceRow | undefined; // of the table
  again: () => void;
}

function Facts({ of }: { of: [string, preact.ComponentChildren][] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Health({ desk, row, again }: { desk: Desk; row: DeviceRow; again: () => void }) {
  const { say } = desk;
  const wrong = troubles(desk, row);
  return (
    <>
      <p class="sum" data-state={mark(row, wrong)} data-wrong={wrong.length > 0}>
        <i class="mark" aria-hidden="true" /> {wrong.length === 0 ? say("state_ok") : wrong.join(". ")}
        {row.state !== "ok" && row.state !== "changed" && (
          <Silence desk={desk} fault="device_down" device={row.id} until={row.silenced_until} done={again} />
        )}
      </p>
      <Facts
        of={[
          [say("last_seen"), seen(say, row)],
          [say("per_min"), row.messages_per_min],
          [say("signal"), signal(say, row)],
          [say("battery"), row.battery === null ? "–" : say("percent", { n: Math.round(row.battery * 100) })],
          [say("errors"), <Errors desk={desk} row={row} />],
          [say("fail_safe"), <FailSafe desk={desk} row={row} />],
        ]}
      />
    </>
  );
}

function What({ desk: { say }, device: { profile, params, bus, topics } }: { desk: Desk; device: Device }) {
  const line = bus && [bus.address, bus.baud === null ? "" : `${bus.baud} Bd`].filter(Boolean).join(", ");
  return (
    <section>
      <h3>{say("what_it_is")}</h3>
      <Facts
        of={[
          [say("profile"), `${profile.id} v${profile.version}`],
          [say("tried"), profile.tested_by || say("tried_by_nobody")],
          ...Object.entries(params).map(([name, value]): [string, string] => [name, value]),
          ...(bus ? ([[say("bus"), `${bus.id}: ${line}`]] as [string, string][]) : []),
          ...(bus?.reads !== undefined
            ? ([[say("bus_counts"), say("bus_counted", { reads: bus.reads, timeouts: bus.timeouts!, garbled: bus.garbled!, here: bus.garbled_here!, exceptions: bus.exceptions!, reopens: bus.reopens! })]] as [string, string][])
            : []),
          ...(topics.length > 0 ? ([[say("topics"), <ul class="plain">{topics.map((topic) => <li key={topic}><code>{topic}</code></li>)}</ul>]] as [string, preact.ComponentChildren][]) : []),
        ]}
      />
    </section>
  );
}

function Readings({ desk, device }: { desk: Desk; device: Device }) {
  const { say, language } = desk;
  const worded = ({ value, kind, unit }: Device["readings"][number]) => {
    if (value === null) return say("unknown");
    if (kind === "boolean") return say(value ? "yes" : "no");
    if (typeof value === "string") return value;
    const digits = Math.abs(value) >= 100 ? 0 : 3;
    const number = value.toLocaleString(language === "nb" ? "nb-NO" : "en-GB", { maximumFractionDigits: digits });
    return unit === "1" || unit === "" ? number : `${number} ${unit.replace("degC", "°C")}`;
  };
  return (
    <section data-part="readings">
      <h3>{say("readings")}</h3>
      {device.of_a_person && <p class="note">{say("of_a_person")}</p>}
      {device.readings.length === 0 ? (
        !device.of_a_person && <p class="empty">{say("no_readings")}</p>
      ) : (
        <table class="wide">
          <Heads of={[say("channel"), say("value"), say("quality"), say("age")]} />
          <tbody>
            {device.readings.map((reading) => (
              <tr key={reading.channel}>
                <th scope="row">
                  <code>{reading.channel}</code>
                </th>
                <td class="number">{worded(reading)}</td>
                <td>{sayKey(say, `quality_${reading.quality}`, reading.quality)}</td>
                <td class="number">{span(say, reading.age_s)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Sheet({ desk, device: { id, commissioned } }: { desk: Desk; device: Device }) {
  const { say, language } = desk;
  if (commissioned === null)
    return (
      <section>
        <h3>{say("sheet")}</h3>
        <p class="note">{say("no_sheet")}</p>
        <p>
          <code>rytme device commission {id}</code>
        </p>
      </section>
    );
  return (
    <section data-part="sheet">
      <h3>{say("sheet")}</h3>
      <p class="note">
        {say(commissioned.verified ? "sheet_verified" : "sheet_differs", { when: new Date(commissioned.time).toLocaleString(language === "nb" ? "nb-NO" : "en-GB") })}
      </p>
      <Scroll label={say("sheet")}>
        <table class="wide">
          <Heads of={[say("what"), say("register"), say("value"), say("written"), say("read_back")]} />
          <tbody>
            {commissioned.values.map((value) => (
              <tr key={value.id} data-state={value.verified || value.fault === "" ? "ok" : "lost"}>
                <th scope="row">{value.id}</th>
                <td>{value.place}</td>
                <td class="number">{value.value ?? ""}</td>
                <td>
                  <code>{value.words}</code>
                </td>
                <td>{value.verified ? say("the_same") : value.fault || say("not_read_back")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

export function DevicePage({ desk, id, row, again }: PageProps) {
  const { say } = desk;
  const device = usePolled<Device>(`devices/${encodeURIComponent(id)}`);
  const [replacing, replace] = useState(false);
  return (
    <article data-device={id}>
      <p>
        <a href="#/devices">{say("all_devices")}</a>
      </p>
      <h2>
        {id} {row && <small>{row.place}</small>}
      </h2>
      {row && <Health desk={desk} row={row} again={again} />}
      <Answered desk={desk} of={device}>
        {(told) => (
          <>
            <div class="actions row">
              <Test desk={desk} device={told} again={device.again} />
              <button type="button" aria-expanded={replacing} onClick={() => replace(!replacing)}>
                {say("replace")}
              </button>
            </div>
            {replacing && <Replace desk={desk} device={told} />}
            <div class="columns">
              <div>
                <Readings desk={desk} device={told} />
                {row?.fail_safe !== "not_needed" && <Sheet desk={desk} device={told} />}
              </div>
              <What desk={desk} device={told} />
            </div>
          </>
        )}
      </Answered>
      <Frames desk={desk} id={id} />
    </article>
  );
}
