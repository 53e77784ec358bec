// SPDX-License-Identifier: Apache-2.0
// A fault that the maintainer knows of is not told again until tomorrow morning; what the room does about it stays.
import { useState } from "preact/hooks";
import { Refused } from "../shared/ask";
import { wordOf } from "./answered";
import { silence } from "./api";
import type { Desk } from "./app";

interface SilenceProps {
  desk: Desk;
  fault: string;
  device: string | null;
  until: string | null;
  done: () => void;
}
export function Silence({ desk: { say, language }, fault, device, until, done }: SilenceProps) {
  const [refused, setRefused] = useState<string | null>(null);
  const turn = (on: boolean) => async () => {
    try {
      await silence(fault, device, on);
      setRefused(null);
      done();
    } catch (error) {
      setRefused(say(wordOf(error instanceof Refused ? error.status : 0)));
    }
  };
  const clock = (iso: string) => new Date(iso).toLocaleString(language === "nb" ? "nb-NO" : "en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit" });
  return (
    <span class="silence">
      {until === null ? (
        <button type="button" class="quiet" onClick={turn(true)}>
          {say("be_silent")}
        </button>
      ) : (
        <>
          <span class="silenced">{say("silent_until", { when: clock(until) })}</span>
          <button type="button" class="quiet" onClick={turn(false)}>
            {say("tell_again")}
          </button>
        </>
      )}
      {refused !== null && <span role="status">{refused}</span>}
    </span>
  );
}
