// SPDX-License-Identifier: Apache-2.0
// What the controller says of its devices and faults, and what is asked of them.
import { ask } from "../shared/ask";
import type { Language } from "./text";

type LocalText = Record<Language, string>;

export interface DeviceRow {
  id: string;
  name: string | null; // what people call it
  place: string;
  profile: string;
  state: "ok" | "late" | "lost" | "unknown" | "changed";
  last_seen_s: number | null;
  fail_safe: string | null;
  fail_safe_at: string | null;
  fail_safe_level: number | null; // linear light
  rssi_dbm: number | null;
  lqi: number | null; // 0-255
  battery: number | null; // 0-1
  firmware: string | null;
  messages_per_min: number;
  errors: Record<string, number>; // by kind, since the start
  reconnects: number;
  silenced_until: string | null;
}

export interface FaultRow {
  fault: string;
  says: LocalText;
  does: LocalText;
  steps: { after_s: number; response: string }[];
  devices: string[];
  now: { device: string | null; since_s: number; silenced_until: string | null }[];
  may_be_silent: boolean;
}

export interface Device {
  id: string;
  place: string;
  profile: { id: string; version: number; class: string; tested_by: string; sources: string[] };
  params: Record<string, string>;
  bus: {
    id: string;
    transport: string;
    address: string;
    baud: number | null;
    reads?: number;
    timeouts?: number;
    garbled?: number;
    garbled_here?: number;
    exceptions?: number;
    reopens?: number;
  } | null;
  topics: string[];
  of_a_person: boolean;
  messages: number;
  readings: { channel: string; value: number | string | null; unit: string; kind: "number" | "boolean" | "text"; quality: string; age_s: number }[];
  commissioned: {
    time: string;
    verified: boolean;
    values: { id: string; place: string; value: number | null; words: string; verified: boolean; fault: string }[];
  } | null;
  can_be_tested: boolean;
  test: { state: string; ends?: { aim: number; read: number | null; there: boolean }[] };
}

export interface Frame {
  at: string;
  out: boolean;
  where: string;
  text: string | null; // null: of a person
  bytes: number;
  retained: boolean;
}

export interface Param {
  name: string;
  integer: boolean;
  min: number;
  max: number;
  default: string | null;
  choices: string[];
}

export interface Profiles {
  profiles: { id: string; transport: "mqtt" | "modbus"; class: string; params: Param[] }[];
  buses: string[];
}

export interface Found {
  source: string;
  id: string;
  name: string | null;
  model: string | null;
  state: string | null;
  profile: string | null;
  known_as: string | null; // a device of the settings
  block: string | null;
}
export interface Heard {
  state: "idle" | "listening" | "done";
  trouble: string | null;
  found: Found[];
}

export interface Scanned {
  bus: string;
  state: "idle" | "asking" | "done" | "abandoned";
  left: number;
  answered: number[]; // units that no device of the settings has
  known: { unit: number; devices: string[] }[];
}

const post = (path: string, body: object) => ask(path, { method: "POST", body: JSON.stringify(body) });

export const read = async <Answer>(path: string): Promise<Answer> => (await ask(path)).json();
export const testDevice = (id: string) => post(`devices/${id}/test`, {});
export const silence = (fault: string, device: string | null, on: boolean) =>
  post("faults/silence", { fault, on, ...(device === null ? {} : { device }) });
export const discover = () => post("discovery", {});
export const scan = (bus: string) => post(`buses/${encodeURIComponent(bus)}/scan`, {});
