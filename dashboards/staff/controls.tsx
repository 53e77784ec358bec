// SPDX-License-Identifier: Apache-2.0
// The large boxes: what can be started, what can be changed while a session runs, the answer to a stop or a pause, and
// the bar that is always there. Keep in step with controller/web/page_controls.cpp.
import type { Preset, Room } from "../shared/room";
import type { Outcome } from "../shared/send";
import type { Say } from "../shared/text";
import type { Word } from "../shared/words";
import { Action } from "./action";
import type { Boot } from "./boot";

const mostMore = 6;

export interface ControlsProps {
  say: Say;
  boot: Boot;
  room: Room;
  told: (outcome: Outcome) => void;
}

const first = (boot: Boot, direction: Preset["direction"]) => boot.presets.find((one) => one.direction === direction);

function Start(props: ControlsProps & { preset: Preset | undefined; classes: string; name: string }) {
  const { say, room, told, preset, classes, name } = props;
  return (
    <Action
      {...{ say, told, classes, name }}
      path="session"
      fields={{ preset: preset?.id ?? "" }}
      note={preset ? say("minutes", { n: Math.round(preset.minutes) }) : ""}
      disabled={room.state !== "idle" || !preset}
    />
  );
}

export function Intents(props: ControlsProps) {
  const { say, boot } = props;
  return (
    <section class="first" aria-label={say("choices")}>
      <Start {...props} preset={first(boot, "down")} classes="intent down" name={say("regulate_down")} />
      <Start {...props} preset={first(boot, "up")} classes="intent up" name={say("regulate_up")} />
    </section>
  );
}

export function Presets(props: ControlsProps) {
  const { say, boot } = props;
  const intents = [first(boot, "down"), first(boot, "up")];
  const more = boot.presets.filter((preset) => !intents.includes(preset)).slice(0, mostMore);
  return (
    <section class="second presets" aria-label={say("more_choices")}>
      {more.map((preset) => (
        <Start key={preset.id} {...props} preset={preset} classes="tile" name={preset.name[boot.language]} />
      ))}
    </section>
  );
}

// What the room waits for after a stop or a restart; nothing else has this place then.
export function Answers({ say, room, told }: ControlsProps) {
  return (
    <section class="first" aria-label={say("choices")}>
      {room.state === "stopped" && (
        <Action {...{ say, told }} path="stop/reset" classes="intent answer" name={say("ready_again")} />
      )}
      {room.state === "paused" && (
        <>
          <Action {...{ say, told }} path="session/resume" classes="intent answer" name={say("resume")} />
          <Action {...{ say, told }} path="session/end" classes="intent end" name={say("end_gently")} />
        </>
      )}
    </section>
  );
}

const lightStops = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];
const volumeStops = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1];
const tempoStepBpm = 5;
const tempoBpm = [20, 140] as const;
const near = 0.005; // the same, as far as a person sees it

const below = (stops: number[], value: number) => [...stops].reverse().find((stop) => stop < value - near);
const above = (stops: number[], value: number) => stops.find((stop) => stop > value + near);

interface Step {
  channel: "light" | "volume" | "tempo";
  field: "level" | "bpm";
  less: number | undefined;
  more: number | undefined;
}

function steps(room: Room): Step[] {
  const { target } = room.light;
  const tempo = room.tempo_bpm;
  const louder = above(volumeStops, room.volume);
  const bpm = (change: number) => {
    const wanted = tempo === null ? NaN : Math.round((tempo + change) / tempoStepBpm) * tempoStepBpm;
    return wanted >= tempoBpm[0] && wanted <= tempoBpm[1] ? wanted : undefined;
  };
  return [
    { channel: "light", field: "level", less: below(lightStops, target), more: above(lightStops, target) },
    {
      channel: "volume",
      field: "level",
      less: below(volumeStops, room.volume),
      more: louder !== undefined && louder <= room.sound.volume_max + near ? louder : undefined,
    },
    { channel: "tempo", field: "bpm", less: bpm(-tempoStepBpm), more: bpm(tempoStepBpm) },
  ];
}

function Stepper({ say, room, told, step }: ControlsProps & { step: Step }) {
  const { channel, field } = step;
  const what = say(channel).toLowerCase();
  const button = (to: number | undefined, word: "less" | "more") => (
    <Action
      {...{ say, told }}
      path={channel}
      fields={{ [field]: to ?? 0 }}
      classes={`step ${word}`}
      name={word === "less" ? "−" : "+"}
      label={say(word, { what })}
      disabled={to === undefined}
    />
  );
  return (
    <div class="stepper">
      {room.manual.includes(channel) ? (
        <Action
          {...{ say, told }}
          path="release"
          fields={{ channel }}
          classes="back"
          name={say("hand_back_what", { what })}
        />
      ) : (
        <p class="channel">{say(channel)}</p>
      )}
      {button(step.less, "less")}
      {button(step.more, "more")}
    </div>
  );
}

export function Running(props: ControlsProps) {
  const { say, room, told } = props;
  // In a session: what it follows. One tap each, and back.
  const toggle = (field: "pace" | "swing", word: Word) => (
    <Action
      {...{ say, told }}
      path="session/follow"
      fields={{ [field]: !room.follow[field] }}
      classes={room.follow[field] ? "tile on" : "tile"}
      name={say(word)}
      note={say(room.follow[field] ? "is_on" : "is_off")}
    />
  );
  return (
    <section class="second running" aria-label={say("more_choices")}>
      <Action
        {...{ say, told }}
        path="session/end"
        classes="intent end"
        name={say("end_gently")}
        disabled={room.state === "stopping"}
      />
      {steps(room).map((step) => (
        <Stepper key={step.channel} {...props} step={step} />
      ))}
      {toggle("pace", "follow_pace")}
      {toggle("swing", "follow_swing")}
    </section>
  );
}

export function Bar({ say, room, told, stopped }: ControlsProps & { stopped: (outcome: Outcome) => void }) {
  return (
    <nav class="bar" aria-label={say("always_here")}>
      <Action say={say} path="stop" classes="stop" name={say("stop_all")} told={stopped} always />
      <Action
        {...{ say, told }}
        path="mute"
        fields={{ on: !room.muted }}
        classes="mute"
        name={say(room.muted ? "unmute" : "mute")}
        always
      />
      <Action {...{ say, told }} path="light" fields={{ ...room.safe_light }} classes="light" name={say("light_on")} always />
    </nav>
  );
}
