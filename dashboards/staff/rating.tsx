// SPDX-License-Identifier: Apache-2.0
// A state that a person enters: never filled in beforehand, never shown again, and no number from a body beside it.
import { useState } from "preact/hooks";
import { type Room, type State, states } from "../shared/room";
import type { Outcome } from "../shared/send";
import type { Word } from "../shared/words";
import { Action } from "./action";
import type { StepProps } from "./strip";

const beforeS = 180; // of a session: what is said then is of how it began
const ended = (room: Room) => room.session === null || room.state === "stopping";

export function whenOf(room: Room, elapsedS: number): "before" | "during" | "after" {
  if (ended(room)) return "after";
  return room.since_s + elapsedS < beforeS ? "before" : "during";
}

export const isKept = (room: Room) => (room.session === null ? room.rate_after_s > 0 : room.recording);

interface RatingProps extends StepProps {
  whose: "participant" | "staff";
  by?: "staff" | "participant";
  question: Word;
}

export function Rating({ say, room, elapsedS, told, whose, by = "staff", question, see, go, veil }: RatingProps) {
  const [kept, setKept] = useState(false);
  const when = whenOf(room, elapsedS);
  const asksAboutThem = question === "ask_observed";
  const choose = (state: State) => {
    if (!asksAboutThem) return;
    see(state);
    if (room.session !== null) go("did");
  };
  const answered = (state: State) => (outcome: Outcome) => {
    told(outcome);
    if (!outcome.done) return;
    setKept(true);
    veil(false);
    choose(state);
  };
  const name = (state: State) => say(`${by === "participant" ? "my" : "state"}_${state}` as Word);
  return (
    <>
      <p class="ask" role="status">
        <strong>{say(question)}</strong> {kept ? say("kept_now") : say(isKept(room) ? `kept_${when}` : "without_recording")}
      </p>
      <div class="states">
        {states.map((state) =>
          isKept(room) ? (
            <Action
              key={state}
              say={say}
              path="session/rating"
              fields={{ whose, by, when, state }}
              classes="tile state"
              name={name(state)}
              told={answered(state)}
            />
          ) : (
            <button key={state} class="tile state" disabled={!asksAboutThem} onClick={() => choose(state)}>
              <span class="name">{name(state)}</span>
              <span class="note"></span>
            </button>
          ),
        )}
      </div>
    </>
  );
}

// For the young person's eyes and hand: nothing of what the adults have said is here.
export function Yours(props: StepProps) {
  const { say, room, told, go } = props;
  const [sure, setSure] = useState(false);
  if (sure)
    return (
      <>
        <p class="ask">{say("not_today_means")}</p>
        <div class="leave">
          <Action
            {...{ say, told }}
            path="session/withdraw"
            classes="tile"
            name={say("not_today_yes")}
            {...{ told: (outcome: Outcome) => (told(outcome), setSure(false)) }}
          />
          <button class="tile" onClick={() => setSure(false)}>
            {say("not_today_no")}
          </button>
        </div>
      </>
    );
  return (
    <>
      <Rating key="yours" {...props} whose="participant" by="participant" question="ask_yours" />
      <div class="leave">
        {room.session !== null && (
          <button class="tile" onClick={() => setSure(true)}>
            {say("not_today")}
          </button>
        )}
        <button class="tile" onClick={() => go("own")}>
          {say("yours_back")}
        </button>
      </div>
    </>
  );
}
