// SPDX-License-Identifier: Apache-2.0
// What is on the broker and on the buses and not in room.toml yet, each with a block that is ready.
import { useEffect, useState } from "preact/hooks";
import { Refused } from "../shared/ask";
import { Heads } from "../shared/desk";
import { Answered, wordOf } from "./answered";
import { discover, type Found, type Heard, type Profiles, read, scan, type Scanned } from "./api";
import type { Desk } from "./app";
import { BlockForm } from "./block-form";
import { usePolled } from "./poll";
import { Ready } from "./ready";
import { sayKey } from "./text";
import type { ViewProps } from "./views";

// A button that asks for something, and why it was refused.
function Begin({ desk: { say }, word, running, begin }: { desk: Desk; word: string; running: boolean; begin: () => Promise<unknown> }) {
  const [refused, setRefused] = useState("");
  const press = () =>
    begin().then(
      () => setRefused(""),
      (error) => setRefused(error instanceof Refused && error.status === 409 ? say("test_refused", { why: error.detail }) : say(wordOf(0))),
    );
  return (
    <>
      <button type="button" disabled={running} onClick={press}>
        {word}
      </button>
      <span role="status">{refused || (running ? say("looking") : "")}</span>
    </>
  );
}

function FoundRow({ desk, one, open, toggle }: { desk: Desk; one: Found; open: boolean; toggle: () => void }) {
  const { say } = desk;
  return (
    <>
      <tr>
        <th scope="row">
          {one.name ?? one.id}
          {one.name !== null && one.name !== one.id && <small> {one.id}</small>}
        </th>
        <td>{sayKey(say, `source_${one.source}`, one.source)}</td>
        <td>{[one.model, one.state].filter(Boolean).join(", ")}</td>
        <td>{one.profile ?? say("no_profile")}</td>
        <td>
          {one.known_as !== null ? (
            say("known_as", { id: one.known_as })
          ) : one.block !== null ? (
            <button type="button" class="quiet" aria-expanded={open} onClick={toggle}>
              {say("show_block")}
            </button>
          ) : null}
        </td>
      </tr>
      {open && one.block !== null && (
        <tr>
          <td colSpan={5}>
            <Ready desk={desk} block={one.block} />
          </td>
        </tr>
      )}
    </>
  );
}

function Broker({ desk }: { desk: Desk }) {
  const { say } = desk;
  const heard = usePolled<Heard>("discovery");
  const [open, setOpen] = useState("");
  const running = heard.answer?.state === "listening";
  const key = (one: Found) => `${one.source} ${one.id}`;
  return (
    <section data-part="broker">
      <h3>{say("on_the_broker")}</h3>
      <p class="note">{say("broker_note")}</p>
      <div class="row">
        <Begin desk={desk} word={say("listen")} running={running} begin={() => discover().then(heard.again)} />
      </div>
      <Answered desk={desk} of={heard}>
        {({ state, trouble, found }) => (
          <>
            {trouble !== null && <p class="trouble">{trouble}</p>}
            {found.length > 0 && (
              <table class="wide">
                <Heads of={[say("device"), say("heard_by"), say("model"), say("profile"), say("settings")]} />
                <tbody>
                  {[...found]
                    .sort((a, b) => Number(a.known_as !== null) - Number(b.known_as !== null))
                    .map((one) => (
                      <FoundRow key={key(one)} desk={desk} one={one} open={open === key(one)} toggle={() => setOpen(open === key(one) ? "" : key(one))} />
                    ))}
                </tbody>
              </table>
            )}
            {state === "done" && found.length === 0 && trouble === null && <p class="empty">{say("nobody_announced")}</p>}
          </>
        )}
      </Answered>
    </section>
  );
}

function Units({ desk, told, profiles }: { desk: Desk; told: Scanned; profiles: Profiles }) {
  const { say } = desk;
  const [open, setOpen] = useState<number | null>(null);
  const first = profiles.profiles.find(({ transport }) => transport === "modbus")?.id ?? "";
  return (
    <>
      {told.state === "asking" && <p>{say("units_left", { n: told.left })}</p>}
      {told.known.map(({ unit, devices }) => (
        <p key={unit}>{say("unit_known", { n: unit, ids: devices.join(", ") })}</p>
      ))}
      {told.answered.map((unit) => (
        <div key={unit}>
          <p class="row">
            <strong>{say("unit_new", { n: unit })}</strong>
            <button type="button" class="quiet" aria-expanded={open === unit} onClick={() => setOpen(open === unit ? null : unit)}>
              {say("show_block")}
            </button>
          </p>
          {open === unit && (
            <BlockForm desk={desk} profiles={profiles} transport="modbus" start={{ id: `unit-${unit}`, place: `environment.unit-${unit}`, profile: first, bus: told.bus, params: { unit: String(unit) } }} free />
          )}
        </div>
      ))}
      {told.state === "done" && told.answered.length === 0 && <p>{say("nobody_new")}</p>}
      {told.state === "abandoned" && <p>{say("scan_abandoned")}</p>}
    </>
  );
}

function Bus({ desk, id, profiles }: { desk: Desk; id: string; profiles: Profiles }) {
  const { say } = desk;
  const scanned = usePolled<Scanned>(`buses/${encodeURIComponent(id)}/scan`);
  return (
    <section data-bus={id}>
      <h3>{say("on_the_bus", { id })}</h3>
      <div class="row">
        <Begin desk={desk} word={say("scan")} running={scanned.answer?.state === "asking"} begin={() => scan(id).then(scanned.again)} />
      </div>
      <Answered desk={desk} of={scanned}>
        {(told) => <Units desk={desk} told={told} profiles={profiles} />}
      </Answered>
    </section>
  );
}

export function Discovery({ desk }: ViewProps) {
  const { say } = desk;
  const [profiles, setProfiles] = useState<Profiles | null>(null);
  useEffect(() => {
    read<Profiles>("profiles").then(setProfiles, () => {});
  }, []);
  return (
    <>
      <h2>{say("discovery_title")}</h2>
      <Broker desk={desk} />
      {profiles && profiles.buses.map((id) => <Bus key={id} desk={desk} id={id} profiles={profiles} />)}
      {profiles && profiles.buses.length > 0 && <p class="note">{say("scan_note")}</p>}
    </>
  );
}
