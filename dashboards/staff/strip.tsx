// SPDX-License-Identifier: Apache-2.0
// What may be said while a session runs, and may be left out: who is here, what you see, what was done, how you are
// yourself, what the young person says, the music, the sensor. One place that changes its content and never its size.
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { Known, Room, State } from "../shared/room";
import type { Outcome } from "../shared/send";
import { moved } from "../shared/settle";
import type { Say } from "../shared/text";
import type { Word } from "../shared/words";
import type { Boot } from "./boot";
import { Did } from "./did";
import { useKnown } from "./known";
import { Rating, Yours } from "./rating";
import { Sensor, Sound } from "./sensor";
import { Who } from "./who";

const tabs = ["who", "state", "did", "own", "yours", "sound", "sensor"] as const;
export type Tab = (typeof tabs)[number];
const rates: Tab[] = ["state", "own", "yours"]; // no number from a body is shown beside these

export interface StripProps {
  say: Say;
  boot: Boot;
  room: Room;
  elapsedS: number;
  told: (outcome: Outcome) => void;
  veil: (on: boolean) => void;
}

export interface StepProps extends StripProps {
  known: Known | null | undefined; // null: cannot be read; undefined: not yet
  seen: State | null; // what this tablet was told last, in this session
  see: (state: State) => void;
  go: (tab: Tab) => void;
}

const afterTabs: Tab[] = ["state", "own", "yours"];

// `after`: the session is over and takes ratings for some minutes more.
export function Strip(props: StripProps & { after?: boolean }) {
  const { say, room, veil, after = false } = props;
  const [tab, setTab] = useState<Tab>(after ? "state" : "who");
  const [seen, setSeen] = useState<State | null>(null);
  useEffect(() => {
    if (room.participant_change > 0) setSeen(null); // what was seen was another's
  }, [room.participant_change]);
  const known = useKnown(room, !after && tab !== "who");
  const own: Record<Tab, (step: StepProps) => preact.ComponentChild> = {
    who: (step) => <Who {...step} />,
    state: (step) => <Rating key="state" {...step} whose="participant" question="ask_observed" />,
    did: (step) => <Did {...step} />,
    own: (step) => <Rating key="own" {...step} whose="staff" question="ask_own" />,
    yours: (step) => <Yours {...step} />,
    sound: (step) => <Sound {...step} />,
    sensor: (step) => <Sensor {...step} />,
  };
  useLayoutEffect(moved, [tab]);
  useEffect(() => {
    veil(rates.includes(tab));
    return () => veil(false);
  }, [tab]);
  const step: StepProps = { ...props, known, seen, see: setSeen, go: setTab };
  const place = after ? "second" : "first";
  if (tab === "yours") return <section class={`${after ? "second" : "both"} yours`}>{own.yours(step)}</section>;
  return (
    <section class={`${place} strip`} aria-label={say("strip")}>
      <div class="tabs">
        {(after ? afterTabs : tabs).map((one) => (
          <button key={one} class="tab" aria-pressed={one === tab} onClick={() => setTab(one)}>
            {say(`tab_${one}` as Word)}
          </button>
        ))}
      </div>
      <div class={`step ${tab}`}>{own[tab](step)}</div>
    </section>
  );
}
