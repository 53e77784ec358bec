// SPDX-License-Identifier: Apache-2.0
// A [[device]] of room.toml filled in: which profile, on which bus, with which params.
import { useState } from "preact/hooks";
import type { Param, Profiles } from "./api";
import type { Desk } from "./app";
import { blockText } from "./block";
import { Ready } from "./ready";

export interface Start {
  id: string;
  place: string;
  profile: string;
  bus: string | null;
  params: Record<string, string>;
}

interface ChoiceProps {
  label: string;
  value: string;
  of: string[];
  change: (value: string) => void;
}
function Choice({ label, value, of, change }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => change(event.currentTarget.value)}>
        {of.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}

function Typed({ label, note = "", value, change }: { label: string; note?: string; value: string; change: (value: string) => void }) {
  return (
    <label>
      <span>
        {label} <small>{note}</small>
      </span>
      <input type="text" value={value} onInput={(event) => change(event.currentTarget.value)} />
    </label>
  );
}

const masked = "***"; // a secret of the old one is typed anew

interface FormProps {
  desk: Desk;
  profiles: Profiles;
  transport?: "mqtt" | "modbus"; // only such profiles
  start: Start;
  free?: boolean; // id and place may be chosen as well
}
export function BlockForm({ desk, profiles: { profiles, buses }, transport, start, free = false }: FormProps) {
  const { say } = desk;
  const [id, setId] = useState(start.id);
  const [place, setPlace] = useState(start.place);
  const [profileId, setProfile] = useState(start.profile);
  const [bus, setBus] = useState(start.bus ?? buses[0] ?? "");
  const [typed, setTyped] = useState(start.params);
  const offered = profiles.filter((one) => transport === undefined || one.transport === transport);
  const profile = offered.find((one) => one.id === profileId) ?? offered[0];
  if (profile === undefined) return null;
  const value = (param: Param) => (typed[param.name] === masked ? "" : (typed[param.name] ?? param.default ?? ""));
  const block = blockText({
    id,
    place,
    profile: profile.id,
    bus: profile.transport === "modbus" ? bus : null,
    params: profile.params.map((param) => [param.name, value(param), param.integer]),
  });
  const change = (name: string) => (text: string) => setTyped({ ...typed, [name]: text });
  return (
    <>
      <div class="fields">
        {free && <Typed label={say("device")} value={id} change={setId} />}
        {free && <Typed label={say("place")} value={place} change={setPlace} />}
        <Choice label={say("profile")} value={profile.id} of={offered.map((one) => one.id)} change={setProfile} />
        {profile.transport === "modbus" && <Choice label={say("bus")} value={bus} of={buses} change={setBus} />}
        {profile.params.map((param) =>
          param.choices.length > 0 ? (
            <Choice key={param.name} label={param.name} value={value(param)} of={param.choices} change={change(param.name)} />
          ) : (
            <Typed key={param.name} label={param.name} note={param.integer ? `${param.min}–${param.max}` : ""} value={value(param)} change={change(param.name)} />
          ),
        )}
      </div>
      <Ready desk={desk} block={block} />
    </>
  );
}
