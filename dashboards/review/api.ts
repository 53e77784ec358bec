// SPDX-License-Identifier: Apache-2.0
// Questions to the record. Each is logged with the reason that the reader gave.
import { type Asking, ask as askPlain } from "../shared/ask";

export type Why = "team review" | "follow-up" | "access request" | "quality";

let why: Why | null = null;
export const setWhy = (reason: Why | null) => {
  why = reason;
};

const ask = (path: string, init: Asking = {}) => askPlain(path, why ? { ...init, headers: { "X-Rytme-Reason": why } } : init);

export const read = async <Answer>(path: string): Promise<Answer> => (await ask(path)).json();

export const correct = (session: string, code: string) =>
  ask(`sessions/${session}/participant`, { method: "POST", body: JSON.stringify({ code }) });

// What is left out is empty.
export const writeStateMap = (path: string, state: string, row: Record<string, string>) => {
  const written = Object.fromEntries(Object.entries(row).filter(([, text]) => text.trim() !== ""));
  return ask(`${path}/state-map`, { method: "POST", body: JSON.stringify({ ...written, state }) });
};

// An answer as a file of that name.
export async function take(path: string, name: string): Promise<void> {
  const answer = await ask(path);
  const address = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

export interface SessionRow {
  id: string;
  participant: string | null;
  preset: string;
  preset_version: number;
  start: string;
  end: string | null;
  end_reason: string | null;
  recording: boolean;
  n_readings: number;
  valid_share: number | null;
}

export interface Rows {
  t_s: number[];
  min: (number | null)[];
  max: (number | null)[];
  mean: (number | null)[];
  last: (number | null)[];
  n: number[];
  valid: (number | null)[];
}

export interface Series {
  name: string;
  device: string | null;
  unit: string;
  step: boolean;
  n: number;
  n_good: number;
  valid_share: number | null;
  rows: Rows;
}

export interface SessionHead {
  session: string;
  participant: string | null;
  preset: string;
  preset_version: number;
  start: string;
  length_s: number;
  end_reason: string | null;
  software: string;
  settings_hash: string;
}

export interface SeriesAnswer extends SessionHead {
  from_s: number;
  to_s: number;
  bucket_s: number;
  series: Series[];
}

export interface Statistic {
  median: number | null;
  q1: number | null;
  q3: number | null;
  n: number;
  valid_share: number | null;
  reason: string | null;
}
export interface Stretch {
  from_s: number | null;
  to_s: number | null;
  reason: string | null;
  heart: Statistic;
  index: Statistic;
}
export interface Summary extends SessionHead {
  before: Stretch;
  during: Stretch;
  after: Stretch;
  own_baseline: Statistic & { quality: string };
}

export interface Marks extends SessionHead {
  events: { t_s: number; kind: string; data: Record<string, unknown> }[];
  ratings: { t_s: number; whose: string; by: string; when: string; state: string }[];
}

export interface Interval {
  low: number;
  high: number;
  coverage: number;
}
export interface Change {
  n: number;
  too_few: boolean;
  lower: number;
  same: number;
  higher: number;
  median: number | null;
  median_interval: Interval | null;
  lower_share_interval: Interval | null;
}
export interface ChangeGroup {
  id: string;
  sessions: number;
  rating: Change;
  index: Change;
}
export interface Changes {
  presets: ChangeGroup[];
  activities: ChangeGroup[];
}
export interface AlignedSession extends SeriesAnswer {
  phases: { phase: string; t_s: number }[];
}
export interface Aligned {
  scales: { name: string; min: number | null; max: number | null }[];
  sessions: AlignedSession[];
}
export interface Days {
  days: { day: string; states: { t: string; session: string; when: string; state: string }[] }[];
}
export interface CalmPulses {
  history: { t: string; bpm: number | null; iqr: number | null; n: number; valid_share: number | null; quality: string; reason: string | null }[];
}
