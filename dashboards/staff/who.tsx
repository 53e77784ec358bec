// SPDX-License-Identifier: Apache-2.0
// The participant's code on keys of our own: the tablet's keyboard would push the page about. There is no list to choose
// from, and the code is not shown again.
import { useState } from "preact/hooks";
import { settled } from "../shared/settle";
import { Action } from "./action";
import type { StepProps } from "./strip";

const longest = 8;
const shortest = 2;

export function Who({ say, boot, room, told, go }: StepProps) {
  const [code, setCode] = useState("");
  const key = (letter: string) => () => settled() && setCode((before) => (before + letter).slice(0, longest));
  return (
    <>
      <p class="code" data-empty={code === ""} role="status">
        {code || say(room.participant_named ? "code_named" : "code_enter")}
      </p>
      <div class="keys">
        {[...boot.code_letters].map((letter) => (
          <button key={letter} class="key" onClick={key(letter)}>
            {letter}
          </button>
        ))}
        <button class="key erase" aria-label={say("code_erase")} onClick={() => setCode((before) => before.slice(0, -1))}>
          ⌫
        </button>
      </div>
      <Action
        say={say}
        path="session/participant"
        fields={{ code }}
        classes="tile use"
        name={say("code_ok")}
        disabled={code.length < shortest}
        told={(outcome) => {
          told(outcome);
          if (!outcome.done) return;
          setCode("");
          go("state");
        }}
      />
    </>
  );
}
