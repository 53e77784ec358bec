// SPDX-License-Identifier: Apache-2.0
// The staff page. Keep in step with controller/web/page.cpp: the page test compares the text of both.
import { useEffect, useState } from "preact/hooks";
import { follow } from "../shared/live";
import type { Confirmation, Preset, Room } from "../shared/room";
import type { Outcome } from "../shared/send";
import { clock, type Say, speaker } from "../shared/text";
import type { Language, Word } from "../shared/words";
import { Action } from "./action";
import { namesOf, Values } from "./values";

export interface Boot {
  language: Language;
  room: string;
  presets: Preset[];
  state: Room;
}

const mostMore = 6;
const saidMs = 4000;
const phases: Record<string, Word> = {
  arrive: "phase_arrive",
  lead: "phase_lead",
  stay: "phase_stay",
  close: "phase_close",
};

// The lamp is for everyone in the room; in a session one tap turns recording off while the room works on.
function Top({ say, name, room, told }: { say: Say; name: string; room: Room; told: (outcome: Outcome) => void }) {
  return (
    <header class="top">
      <h1>{name}</h1>
      {room.simulated && <p class="simulated">{say("simulated")}</p>}
      <p class="lamp" data-on={room.recording}>
        <i></i>
        {say(room.recording ? "recording_on" : "recording_off")}
      </p>
      {room.session !== null && (
        <Action
          {...{ say, told }}
          path="session/recording"
          fields={{ on: !room.recording }}
          classes="record"
          name={say(room.recording ? "turn_recording_off" : "turn_recording_on")}
        />
      )}
    </header>
  );
}

function ModeLine({ say, boot, room, elapsedS }: { say: Say; boot: Boot; room: Room; elapsedS: number }) {
  const preset = boot.presets.find((one) => one.id === room.preset);
  const phase = room.phase === null ? "" : phases[room.phase] ? say(phases[room.phase]!) : room.phase;
  const what = [preset?.name[boot.language] ?? room.preset ?? "", phase].filter((part) => part !== "");
  const minutes = Math.ceil(Math.max(0, room.remaining_s - elapsedS) / 60);
  return (
    <p class="mode">
      <i class="shape"></i>
      <strong>{say(`mode_${room.state}`)}</strong>
      <span class="what">{what.join(" · ")}</span>
      <span class="left">{room.session === null ? "" : say("minutes_left", { n: minutes })}</span>
    </p>
  );
}

function Choices({ say, boot, room, told }: { say: Say; boot: Boot; room: Room; told: (outcome: Outcome) => void }) {
  const idle = room.state === "idle";
  const down = boot.presets.find((preset) => preset.direction === "down");
  const up = boot.presets.find((preset) => preset.direction === "up");
  const more = boot.presets.filter((preset) => preset !== down && preset !== up).slice(0, mostMore);
  const length = (preset?: Preset) => (preset ? say("minutes", { n: Math.round(preset.minutes) }) : "");
  const start = (preset: Preset | undefined, classes: string, name: string) => (
    <Action
      key={classes + (preset?.id ?? "")}
      {...{ say, told, classes, name }}
      path="session"
      fields={{ preset: preset?.id ?? "" }}
      note={length(preset)}
      disabled={!idle || !preset}
    />
  );
  // In a session: what it follows. One tap each, and back.
  const toggle = (field: "pace" | "swing", word: Word) => (
    <Action
      key={field}
      {...{ say, told }}
      path="session/follow"
      fields={{ [field]: !room.follow[field] }}
      classes={room.follow[field] ? "tile on" : "tile"}
      name={say(word)}
      note={say(room.follow[field] ? "is_on" : "is_off")}
      disabled={room.state === "paused"}
    />
  );
  const answers: Partial<Record<Room["state"], [string, Word]>> = {
    paused: ["session/resume", "resume"],
    stopped: ["stop/reset", "ready_again"],
  };
  const [path, word] = answers[room.state] ?? ["undo", "undo"];
  const canEnd = ["starting", "running", "paused"].includes(room.state);
  return (
    <section class="choices" aria-label={say("choices")}>
      {start(down, "intent down", say("regulate_down"))}
      {start(up, "intent up", say("regulate_up"))}
      <Action
        {...{ say, told, path }}
        classes={word === "undo" ? "intent undo" : "intent answer"}
        name={say(word)}
        disabled={room.state === "safe_mode"}
        steady
      />
      <Action {...{ say, told }} path="session/end" classes="intent end" name={say("end_gently")} disabled={!canEnd} />
      {room.session !== null ? (
        <div class="more">
          {toggle("pace", "follow_pace")}
          {toggle("swing", "follow_swing")}
        </div>
      ) : (
        more.length > 0 && <div class="more">{more.map((preset) => start(preset, "tile", preset.name[boot.language]))}</div>
      )}
    </section>
  );
}

function Bar({ say, room, told, stopped }: { say: Say; room: Room; told: (o: Outcome) => void; stopped: (o: Outcome) => void }) {
  return (
    <nav class="bar" aria-label={say("always_here")}>
      <Action say={say} path="stop" classes="stop" name={say("stop_all")} told={stopped} />
      <Action
        {...{ say, told }}
        path="mute"
        fields={{ on: !room.muted }}
        classes="mute"
        name={say(room.muted ? "unmute" : "mute")}
      />
      <Action {...{ say, told }} path="light" fields={{ ...room.safe_light }} classes="light" name={say("light_on")} />
    </nav>
  );
}

interface News {
  devices?: number;
  confirmation?: Confirmation;
}

function stopText(say: Say, news: News): string | null {
  const { confirmation, devices } = news;
  if (confirmation) {
    const { confirmed, missing } = confirmation;
    const told = say("stop_confirmed", { n: confirmed.length, all: confirmed.length + missing.length });
    return missing.length === 0 ? told : `${told} ${say("stop_missing", { names: namesOf(missing) })}`;
  }
  return devices === undefined ? null : say("stop_sent", { n: devices });
}

export function App({ boot }: { boot: Boot }) {
  const say = speaker(boot.language);
  const [room, setRoom] = useState(boot.state);
  const [at, setAt] = useState(performance.now());
  const [, tick] = useState(0);
  const [lost, setLost] = useState<Date | null>(null);
  const [said, setSaid] = useState<Word | null>(null);
  const [news, setNews] = useState<News>({});

  useEffect(() => {
    follow({
      room: (next) => {
        setRoom(next);
        setAt(performance.now());
        setLost(null);
        if (next.state !== "stopped") setNews({});
      },
      confirmed: (confirmation) => setNews((before) => ({ ...before, confirmation })),
      lost: setLost,
    });
    setInterval(() => tick((n) => n + 1), 1000);
  }, []);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), saidMs);
    return () => clearTimeout(timer);
  }, [said]);

  const told = (outcome: Outcome) => setSaid(outcome.done ? null : outcome.why);
  const stopped = (outcome: Outcome) => {
    told(outcome);
    if (outcome.done && outcome.devices !== undefined) setNews((before) => ({ ...before, devices: outcome.devices! }));
  };
  const elapsedS = Math.max(0, (performance.now() - at) / 1000);
  const stopNews = room.state === "stopped" ? stopText(say, news) : null;
  const notConfirmed = stopNews !== null && (news.confirmation?.missing.length ?? 0) > 0;
  const message = lost
    ? say("offline", { time: clock(lost) })
    : said
      ? say(said)
      : (stopNews ?? say(`hint_${room.state}`));

  return (
    <main class="room" data-mode={room.state} data-simulated={room.simulated} data-lost={lost !== null}>
      <Top {...{ say, room, told }} name={boot.room} />
      <section class="now" aria-label={say("room_now")}>
        <ModeLine {...{ say, boot, room, elapsedS }} />
        <Values {...{ say, room, elapsedS }} />
      </section>
      <p class="message" role="status" data-warn={lost !== null || notConfirmed}>
        {message}
      </p>
      <Choices {...{ say, boot, room, told }} />
      <Bar {...{ say, room, told, stopped }} />
    </main>
  );
}
