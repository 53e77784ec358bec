// SPDX-License-Identifier: Apache-2.0
// The staff page. Keep in step with controller/web/page.cpp: the page test compares the text of both.
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { heardClock } from "../shared/clock";
import { follow } from "../shared/live";
import type { Confirmation, Room } from "../shared/room";
import type { Outcome } from "../shared/send";
import { moved, settled } from "../shared/settle";
import { clock, type Say, speaker } from "../shared/text";
import { type Theme, themeOf } from "../shared/theme";
import type { Word } from "../shared/words";
import { Action } from "./action";
import type { Boot } from "./boot";
import { Answers, Bar, type ControlsProps, Intents, Presets, Running } from "./controls";
import { Strip } from "./strip";
import { Top } from "./top";
import { namesOf, Values } from "./values";

const saidMs = 4000;
const runs: Room["state"][] = ["starting", "running", "stopping"];

interface News {
  devices?: number;
  confirmation?: Confirmation;
}

function stopText(say: Say, called: Boot["names"], news: News): string | null {
  const { confirmation, devices } = news;
  if (confirmation) {
    const { confirmed, missing } = confirmation;
    const told = say("stop_confirmed", { n: confirmed.length, all: confirmed.length + missing.length });
    return missing.length === 0 ? told : `${told} ${say("stop_missing", { names: namesOf(say, called, missing) })}`;
  }
  return devices === undefined ? null : say("stop_sent", { n: devices });
}

interface Told {
  lost: Date | null;
  said: Word | null;
  news: News;
}

// The one line: the most urgent of what there is to say. True: it is something to act upon.
function lineOf(say: Say, called: Boot["names"], room: Room, { lost, said, news }: Told): [string, boolean] {
  if (lost) return [say("offline", { time: clock(lost) }), true];
  if (said) return [say(said), said === "stop_unknown"];
  const stop = room.state === "stopped" ? stopText(say, called, news) : null;
  if (stop) return [stop, (news.confirmation?.missing.length ?? 0) > 0];
  const { quarantined, missing } = room.devices;
  if (quarantined.length > 0) return [say("quarantined", { names: namesOf(say, called, quarantined) }), true];
  if (room.state === "idle" && missing.length > 0) return [say("before_you_go_in", { names: namesOf(say, called, missing) }), true];
  return [say(`hint_${room.state}`), false];
}

// Where presets stand, or what can be changed, or what may be said of the session that just ended.
function Areas(props: ControlsProps & { elapsedS: number; veil: (on: boolean) => void; after: boolean }) {
  const { room, after } = props;
  const strip = { ...props, key: room.session ?? "after" };
  if (runs.includes(room.state))
    return (
      <>
        <Strip {...strip} />
        <Running {...props} />
      </>
    );
  return (
    <>
      {room.state === "idle" ? <Intents {...props} /> : <Answers {...props} />}
      {after ? <Strip {...strip} after /> : room.state === "idle" && <Presets {...props} />}
    </>
  );
}

export function App({ boot }: { boot: Boot }) {
  const say = speaker(boot.language);
  const [room, setRoom] = useState(boot.state);
  const [at, setAt] = useState(performance.now());
  const [, tick] = useState(0);
  const [lost, setLost] = useState<Date | null>(null);
  const [said, setSaid] = useState<Word | null>(null);
  const [news, setNews] = useState<News>({});
  const [theme, setTheme] = useState<Theme>(themeOf(boot.state.light.level));
  const [veiled, veil] = useState(false);
  const [opened, setOpened] = useState(false); // what may be said afterwards

  useEffect(() => {
    heardClock(boot.state.clock_s);
    follow({
      room: (next) => {
        setRoom(next);
        setAt(performance.now());
        setLost(null);
        setTheme((before) => themeOf(next.light.level, before));
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
  const elapsedS = Math.max(0, (performance.now() - at) / 1000);
  const canSayMore = ["idle", "stopped"].includes(room.state) && room.rate_after_s - elapsedS > 0;
  const after = opened && canSayMore;
  const layout = runs.includes(room.state) ? "runs" : room.state;
  useLayoutEffect(moved, [layout, after]);
  useEffect(() => setOpened(false), [layout]);

  const told = (outcome: Outcome) => setSaid(outcome.done ? null : outcome.why);
  const stopped = (outcome: Outcome) => {
    told(outcome);
    if (outcome.done && outcome.devices !== undefined) setNews((before) => ({ ...before, devices: outcome.devices! }));
  };
  const [line, warns] = lineOf(say, boot.names, room, { lost, said, news });
  const controls = { say, boot, room, told };

  return (
    <main class="room" data-mode={room.state} data-theme={theme} data-simulated={room.simulated} data-lost={lost !== null}>
      <Top {...controls} elapsedS={elapsedS} />
      <section class="now" aria-label={say("room_now")}>
        <Values {...{ say, room, elapsedS, veiled }} />
      </section>
      <div class="line">
        <p class="message" role="status" data-warn={warns}>
          {line}
        </p>
        {canSayMore && (
          <button class="small" onClick={() => settled() && setOpened(!after)}>
            {say(after ? "after_close" : "after_open")}
          </button>
        )}
        <Action {...{ say, told }} path="undo" classes="small undo" name={say("undo")} disabled={room.undo.left_s <= elapsedS} />
      </div>
      <Areas {...controls} {...{ elapsedS, veil, after }} />
      <Bar {...controls} stopped={stopped} />
    </main>
  );
}
