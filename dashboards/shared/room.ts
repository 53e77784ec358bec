// SPDX-License-Identifier: Apache-2.0
// What the API says of the room (GET room, events of live).

export type Mode = "idle" | "starting" | "running" | "paused" | "stopping" | "stopped" | "safe_mode";

export interface Room {
  state: Mode;
  phase: string | null;
  preset: string | null;
  session: string | null;
  since_s: number;
  remaining_s: number;
  recording: boolean;
  participant_named: boolean;
  participant_change: number; // how often the session has become somebody else's
  rate_after_s: number;
  undo: { channel: string | null; left_s: number };
  clock_s: number;
  light: { target: number; level: number; cct_k: number };
  safe_light: { level: number; cct_k: number };
  tempo_bpm: number | null;
  source: string | null;
  volume: number;
  muted: boolean;
  player: { source: string | null; track: string | null; status: string | null; offered: { id: string; title: string }[] };
  heart: { bpm: number | null; age_s: number | null; quality: "good" | "doubtful" | "unknown"; unfit: string | null };
  arousal: { level: number | null; reason: string | null; low_side: boolean; wearer_unsure: boolean };
  calm_pulse: { state: "none" | "running" | "good" | "doubtful" | "failed"; elapsed_s: number; bpm: number | null };
  show_level: boolean;
  follow: { pace: boolean; swing: boolean; pace_step: "programme" | "slower" | "hold" | "lead_down" | null; beats_per_swing: number };
  sound: { calibrated: boolean; volume_max: number };
  devices: { ok: number; all: number; missing: string[]; quarantined: string[] };
  manual: string[];
  simulated: boolean;
  generation: number;
}

export interface Confirmation {
  generation: number;
  confirmed: string[];
  missing: string[];
}

export interface Preset {
  id: string;
  direction: "down" | "up" | "neutral";
  name: { nb: string; en: string };
  minutes: number;
}

// What people enter; software never does.
export const states = ["calm", "attentive", "alarm", "fear", "terror", "shut_down", "dont_know"] as const;
export type State = (typeof states)[number];

// GET session/state-map: what the team knows of the one who is here, and what could be offered in each state.
export interface Known {
  participant: string | null;
  rows: Partial<Record<State, { looks_like?: string; makes_worse?: string; seeks?: string; helps?: string }>>;
  offers: Record<State, string[]>;
  activities: Record<string, { nb: string; en: string }>;
}
