// SPDX-License-Identifier: Apache-2.0
// Light, tempo, sound, pulse, devices: what is known now, and that it is not known. Keep in step with page_now.cpp.
import type { ComponentChildren } from "preact";
import type { Room } from "../shared/room";
import type { Say } from "../shared/text";
import type { Word } from "../shared/words";
import { Action } from "./action";

const mostNames = 3;
const oldPulseS = 10;

function Value(props: { classes: string; label: string; number: string; unit?: string; children?: ComponentChildren }) {
  return (
    <div class={`value ${props.classes}`}>
      <dt>{props.label}</dt>
      <dd class="number">
        {props.number}
        <small>{props.unit}</small>
      </dd>
      <dd class="note">{props.children}</dd>
    </div>
  );
}

const note = (say: Say, room: Room, channel: string, otherwise: string) =>
  room.manual.includes(channel) ? say("by_hand") : otherwise;

// What is missing before the wearable can be used.
const unfits: Record<string, Word> = {
  no_signal: "unfit_no_signal",
  no_contact: "unfit_no_contact",
  battery_low: "unfit_battery_low",
};
const sounds: Record<string, Word> = {
  pulse: "plays_pulse",
  heartbeat: "plays_heartbeat",
  drum: "plays_drum",
  shaker: "plays_shaker",
  wood: "plays_wood",
};
const troubles: Record<string, Word> = {
  output_missing: "sound_no_device",
  library_missing: "sound_no_library",
  track_missing: "sound_no_track",
  track_unreadable: "sound_unreadable",
};

export function calmPulse(say: Say, { state, elapsed_s, bpm }: Room["calm_pulse"]): string {
  if (state === "none") return "";
  return say(`calm_pulse_${state}`, { n: Math.round(state === "running" ? elapsed_s : (bpm ?? 0)) });
}

export const pulseAge = (room: Room, elapsedS: number) => Math.round((room.heart.age_s ?? 0) + elapsedS);
export const heard = (room: Room, elapsedS: number) =>
  room.heart.bpm !== null && pulseAge(room, elapsedS) <= oldPulseS;

function Pulse({ say, room, elapsedS, veiled }: ValuesProps) {
  const unfit = room.heart.unfit === null ? undefined : unfits[room.heart.unfit];
  if (veiled)
    return (
      <Value classes="pulse" label={say("pulse")} number="·">
        {say("veiled")}
      </Value>
    );
  if (!heard(room, elapsedS))
    return (
      <Value classes="pulse" label={say("pulse")} number={say("unknown")}>
        {unfit && say(unfit)}
      </Value>
    );
  const good = room.heart.quality === "good";
  const age = say(good ? "age" : "doubtful", { n: pulseAge(room, elapsedS) });
  const calm = calmPulse(say, room.calm_pulse);
  return (
    <Value classes="pulse" label={say("pulse")} number={String(Math.round(room.heart.bpm!))} unit={say("per_minute")}>
      {calm || (good && unfit === "unfit_battery_low" ? `${say(unfit)} · ${age}` : age)}
    </Value>
  );
}

// Only where the maintainer has switched it on (room.toml level_on_page).
function Level({ say, room, veiled }: ValuesProps) {
  const { level, reason, low_side, wearer_unsure } = room.arousal;
  if (veiled)
    return (
      <Value classes="level" label={say("level")} number="·">
        {say("veiled")}
      </Value>
    );
  return (
    <Value classes="level" label={say("level")} number={level === null ? say("level_unknown") : String(level)}>
      {wearer_unsure ? (
        <>
          {say("worn_again")}
          <Action say={say} path="wearer" fields={{ same: true }} classes="back" name={say("same_person")} />
          <Action say={say} path="wearer" fields={{ same: false }} classes="back" name={say("another_person")} />
        </>
      ) : (
        <>
          {low_side && say("very_quiet")}
          <details class="why">
            <summary>{say("why")}</summary>
            <p>{reason}</p>
          </details>
        </>
      )}
    </Value>
  );
}

// What the tempo follows; the preset alone needs no words.
function tempoFollows(say: Say, { beats_per_swing, pace_step }: Room["follow"]): string {
  if (beats_per_swing > 0) return say("with_swing");
  return pace_step === null || pace_step === "programme" ? "" : say(`pace_${pace_step}`);
}

// What the player says that it plays, or what is amiss with it; "" while it is silent.
function whatPlays(say: Say, room: Room): string {
  const { source, track, status, offered } = room.player;
  const trouble = status === null ? undefined : troubles[status];
  if (trouble !== undefined) return say(trouble);
  if (status !== "playing") return "";
  const sound = source === null ? undefined : sounds[source];
  if (sound !== undefined) return say(sound);
  return offered.find(({ id }) => id === track)?.title ?? (track === null || track === "none" ? "" : track);
}

function soundNote(say: Say, room: Room): string {
  if (room.muted) return say("muted");
  if (room.manual.includes("volume")) return say("by_hand");
  return whatPlays(say, room) || (room.sound.calibrated ? "" : say("not_calibrated"));
}

// What is missing is told before a session, in the line below; in one the number is enough.
function deviceNote(say: Say, room: Room): string {
  const { missing } = room.devices;
  if (missing.length === 0) return say("all_in_contact");
  return room.session === null ? say("without_contact", { n: missing.length }) : "";
}

export function namesOf(say: Say, called: Record<string, string>, ids: string[]): string {
  const names = ids.slice(0, mostNames).map((id) => called[id] ?? id).join(", ");
  return ids.length > mostNames ? say("and_more", { names, n: ids.length - mostNames }) : names;
}

interface ValuesProps {
  say: Say;
  room: Room;
  elapsedS: number;
  veiled: boolean; // somebody is about to say what they see: no number from a body stands beside it
}

export function Values(props: ValuesProps) {
  const { say, room } = props;
  const percent = (level: number) => say("percent", { n: Math.round(level * 100) });
  const { ok, all } = room.devices;
  const tempo = room.tempo_bpm;
  return (
    <dl class={room.show_level ? "values six" : "values"}>
      <Value classes="" label={say("light")} number={percent(room.light.level)}>
        {note(say, room, "light", "")}
      </Value>
      <Value
        classes=""
        label={say("tempo")}
        number={tempo === null ? say("unknown") : String(Math.round(tempo))}
        unit={tempo === null ? "" : say("per_minute")}
      >
        {note(say, room, "tempo", tempoFollows(say, room.follow))}
      </Value>
      <Value classes="" label={say("volume")} number={percent(room.volume)}>
        {soundNote(say, room)}
      </Value>
      <Pulse {...props} />
      {room.show_level && <Level {...props} />}
      <Value classes="" label={say("devices")} number={`${ok}/${all}`}>
        {deviceNote(say, room)}
      </Value>
    </dl>
  );
}
