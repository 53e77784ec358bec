// SPDX-License-Identifier: Apache-2.0
// Light, tempo, sound, pulse, devices: what is known now, and that it is not known.
import type { ComponentChildren } from "preact";
import type { Room } from "../shared/room";
import type { Say } from "../shared/text";
import type { Word } from "../shared/words";
import { Action } from "./action";

const mostNames = 3;
const oldPulseS = 10;

function Value(props: { label: string; number: string; unit?: string; children?: ComponentChildren }) {
  return (
    <div class="value">
      <dt>{props.label}</dt>
      <dd class="number">
        {props.number}
        <small>{props.unit}</small>
      </dd>
      <dd class="note">{props.children}</dd>
    </div>
  );
}

function Channel({ say, room, channel, otherwise = "" }: { say: Say; room: Room; channel: string; otherwise?: string }) {
  if (!room.manual.includes(channel)) return <>{otherwise}</>;
  return (
    <>
      {say("by_hand")}{" "}
      <Action say={say} path="release" fields={{ channel }} classes="back" name={say("hand_back")} />
    </>
  );
}

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
const atRest = ["paused", "stopped", "safe_mode"];

function calmPulse(say: Say, { state, elapsed_s, bpm }: Room["calm_pulse"]): string {
  if (state === "none") return "";
  const n = Math.round(state === "running" ? elapsed_s : (bpm ?? 0));
  return ` · ${say(`calm_pulse_${state}`, { n })}`;
}

function Pulse({ say, room, elapsedS }: { say: Say; room: Room; elapsedS: number }) {
  const age = Math.round((room.heart.age_s ?? 0) + elapsedS);
  const unfit = room.heart.unfit === null ? undefined : unfits[room.heart.unfit];
  if (room.heart.bpm === null || age > oldPulseS)
    return (
      <Value label={say("pulse")} number={say("unknown")}>
        {unfit && say(unfit)}
      </Value>
    );
  const canMeasure = room.calm_pulse.state !== "running" && !atRest.includes(room.state);
  return (
    <Value label={say("pulse")} number={String(Math.round(room.heart.bpm))} unit={say("per_minute")}>
      {say(room.heart.quality === "good" ? "age" : "doubtful", { n: age })}
      {calmPulse(say, room.calm_pulse)}
      {unfit === "unfit_battery_low" && ` · ${say(unfit)}`}
      {canMeasure && <Action say={say} path="baseline" classes="back" name={say("calm_pulse_take")} />}
    </Value>
  );
}

// Only where the maintainer has switched it on (room.toml level_on_page).
function Level({ say, room }: { say: Say; room: Room }) {
  const { level, reason, low_side, wearer_unsure } = room.arousal;
  return (
    <Value label={say("level")} number={level === null ? say("level_unknown") : String(level)}>
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
  const { source, track, status } = room.player;
  const trouble = status === null ? undefined : troubles[status];
  if (trouble !== undefined) return say(trouble);
  if (status !== "playing") return "";
  const sound = source === null ? undefined : sounds[source];
  if (sound !== undefined) return say(sound);
  return track === null || track === "none" ? "" : track;
}

function soundNote(say: Say, room: Room): string {
  if (room.muted) return say("muted");
  return [whatPlays(say, room), room.sound.calibrated ? "" : say("not_calibrated")].filter(Boolean).join(", ");
}

function deviceNote(say: Say, { missing, quarantined }: Room["devices"]): string {
  if (quarantined.length > 0) return say("quarantined", { names: namesOf(quarantined) });
  return missing.length === 0 ? say("all_in_contact") : say("without_contact", { names: namesOf(missing) });
}

export function namesOf(ids: string[]): string {
  return ids.slice(0, mostNames).join(", ") + (ids.length > mostNames ? " …" : "");
}

export function Values({ say, room, elapsedS }: { say: Say; room: Room; elapsedS: number }) {
  const percent = (level: number) => say("percent", { n: Math.round(level * 100) });
  const { ok, all } = room.devices;
  const tempo = room.tempo_bpm;
  return (
    <dl class={room.show_level ? "values six" : "values"}>
      <Value label={say("light")} number={percent(room.light.level)}>
        <Channel say={say} room={room} channel="light" />
      </Value>
      <Value
        label={say("tempo")}
        number={tempo === null ? say("unknown") : String(Math.round(tempo))}
        unit={tempo === null ? "" : say("per_minute")}
      >
        <Channel say={say} room={room} channel="tempo" otherwise={tempoFollows(say, room.follow)} />
      </Value>
      <Value label={say("volume")} number={percent(room.volume)}>
        <Channel say={say} room={room} channel="volume" otherwise={soundNote(say, room)} />
      </Value>
      <Pulse say={say} room={room} elapsedS={elapsedS} />
      {room.show_level && <Level say={say} room={room} />}
      <Value label={say("devices")} number={`${ok}/${all}`}>
        {deviceNote(say, room.devices)}
      </Value>
    </dl>
  );
}
