// SPDX-License-Identifier: Apache-2.0
// What the controller says of its settings, and what is asked of it about them.
import { ask } from "../shared/ask";

export interface Problem {
  file: string;
  line: number;
  column: number;
  severity: "error" | "warning";
  text: string; // the checker's own English
}

export interface Trial {
  phase: "writing" | "ready" | "running" | "refused" | "kept" | "put_back";
  from: number;
  to: number;
  at_s: number;
  by: string;
  why: string; // of put_back: confirm, end, busy, by_hand, or "start: " and what was wrong
  left_s: number | null;
}

export interface Settings {
  base: string;
  files: { name: string; hash: string; bytes: number; modified_s: number }[];
  problems: Problem[];
  not_writable: string; // "" = it can be written
  runs_with_these: boolean;
  trial: Trial | null;
}

export type Sign = " " | "-" | "+";
export interface FileDiff {
  file: string;
  what: "added" | "removed" | "changed";
  hunks: { before: number; after: number; lines: [Sign, string][] }[];
}

export interface Checked {
  base: string;
  errors: boolean;
  problems: Problem[];
  diff: FileDiff[];
}

export interface Version {
  number: number;
  at_s: number;
  by: string;
  why: "first" | "by_hand" | "applied" | "restored" | "put_back";
  changed: string[];
}

export interface Difference {
  files: FileDiff[];
  since: Version | null;
}

export interface State {
  version: string;
  now_s: number;
  uptime_s: number;
  backup: {
    recipient: boolean;
    running: boolean;
    folder: string;
    daily: boolean;
    last: { at_s: number; bytes: number; same_disk: boolean } | null; // same_disk: as the journal, so it dies with it
    failed: { at_s: number | null; text: string } | null; // since then; the controller's own English
  };
  certificate: { days: number } | null;
  disk: { free_bytes: number | null; all_bytes: number | null };
  journal: { bytes: number | null; log_bytes: number; recording: boolean; fault: string; log_held_by: string; dropped: number; failures: number };
  broker: boolean;
  devices: { ok: number; all: number };
  trial: Trial | null;
}

export interface LogLine {
  at_s: number;
  level: string;
  text: string;
}

export type Files = Record<string, string | null>; // null: the file goes

const post = async <Answer>(path: string, body: object): Promise<Answer> =>
  (await ask(`settings/${path}`, { method: "POST", body: JSON.stringify(body) })).json();

export const readFile = async (name: string): Promise<{ text: string }> => (await ask(`settings/file?name=${encodeURIComponent(name)}`)).json();
export const check = (files: Files) => post<Checked>("check", { files });
export const apply = (base: string, files: Files) => post<{ version: number }>("apply", { base, files });
export const restore = (base: string, version: number) => post<{ version: number }>("restore", { base, version });
export const backUp = () => ask("backup", { method: "POST", body: "{}" });
export const confirm = () => post<object>("confirm", {});
