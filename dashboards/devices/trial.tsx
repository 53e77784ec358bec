// SPDX-License-Identifier: Apache-2.0
// Settings on trial, told on every view: does it work? Keep them, or they go back by themselves.
import { useEffect, useState } from "preact/hooks";
import { ask, Refused } from "../shared/ask";
import type { Desk } from "./app";
import { forgetTried } from "./drafts";
import { anew } from "./once";
import { confirm, type State, type Trial } from "./settings-api";
import { sayKey, type Word } from "./text";

const begun = "trial-begun";
const seenKey = "rytme.trial-seen"; // whose end was told already
const soonMs = 700;
const seldomMs = 10_000;
const patienceMs = 12_000; // a start takes one or two seconds

// Called by who has put settings on trial.
export const trialBegan = () => dispatchEvent(new Event(begun));

const running = (trial: Trial | null | undefined) => trial?.phase === "ready" || trial?.phase === "running";
const nameOf = (trial: Trial | null) => (trial ? `${trial.phase} ${trial.at_s} ${trial.to}` : "");

// Often while there is something to wait for.
function useTrial() {
  const [trial, setTrial] = useState<Trial | null>(null);
  const [silentSince, setSilentSince] = useState(0);
  const [awaited, setAwaited] = useState(false);
  const [witnessed, setWitnessed] = useState(false); // that one has run
  useEffect(() => {
    let timer = 0;
    let wanted = false;
    let silent = 0;
    let last: string | undefined;
    const look = async () => {
      try {
        const { trial: now }: State = await (await ask("state")).json();
        if (last !== undefined && last !== nameOf(now)) dispatchEvent(new Event(anew));
        last = nameOf(now);
        setTrial(now);
        if (running(now)) {
          wanted = false;
          setWitnessed(true);
        }
        silent = 0;
        timer = setTimeout(look, wanted || running(now) ? soonMs : seldomMs);
      } catch (error) {
        if (!(error instanceof Refused) || error.status === 0) silent ||= Date.now();
        timer = setTimeout(look, soonMs);
      }
      setSilentSince(silent);
      setAwaited(wanted);
    };
    const began = () => {
      clearTimeout(timer);
      wanted = true;
      setAwaited(true);
      timer = setTimeout(look, soonMs);
    };
    addEventListener(begun, began);
    look();
    return () => {
      removeEventListener(begun, began);
      clearTimeout(timer);
    };
  }, []);
  return { trial, silentSince, awaited, witnessed };
}

const words: Record<string, Word> = { confirm: "back_confirm", end: "back_end", busy: "back_busy", by_hand: "back_by_hand" };
function reason({ say }: Desk, why: string): string {
  const start = "start: ";
  if (why.startsWith(start)) return say("back_start", { why: why.slice(start.length) });
  return words[why] ? say(words[why]) : sayKey(say, why, why);
}

// Counts down between two looks.
function useSeconds(left: number): number {
  const [now, setNow] = useState(left);
  useEffect(() => {
    setNow(left);
    const timer = setInterval(() => setNow((before) => Math.max(0, before - 1)), 1000);
    return () => clearInterval(timer);
  }, [left]);
  return Math.ceil(now);
}

function Running({ desk: { say }, trial }: { desk: Desk; trial: Trial }) {
  const left = useSeconds(trial.left_s ?? 0);
  const [refused, setRefused] = useState(false);
  const keep = () =>
    confirm().then(
      () => {
        forgetTried();
        trialBegan();
      },
      () => setRefused(true),
    );
  return (
    <section class="trial" data-trial="running">
      <h2>{say("does_it_work")}</h2>
      <p>{left > 0 ? say("trial_runs") : say("trial_waits")}</p>
      <p class="row">
        <button type="button" class="strong" onClick={keep}>
          {say("keep_n", { n: left })}
        </button>
        <span role="status">{refused && say("not_kept")}</span>
      </p>
    </section>
  );
}

export function TrialBanner({ desk }: { desk: Desk }) {
  const { say } = desk;
  const { trial, silentSince, awaited, witnessed } = useTrial();
  const [seen, setSeen] = useState(() => sessionStorage.getItem(seenKey));
  const close = () => {
    const name = nameOf(trial);
    sessionStorage.setItem(seenKey, name);
    setSeen(name);
  };
  if (silentSince > 0 && (awaited || running(trial))) {
    const long = Date.now() - silentSince > patienceMs;
    return (
      <section class="trial" data-trial="silent" role="status">
        <p>{say(long ? "trial_silent" : "trial_starts")}</p>
      </section>
    );
  }
  if (trial?.phase === "running") return <Running desk={desk} trial={trial} />;
  if (awaited && trial?.phase !== "kept" && trial?.phase !== "put_back") {
    return (
      <section class="trial" data-trial="starts" role="status">
        <p>{say("trial_starts")}</p>
      </section>
    );
  }
  const fresh = trial && Date.now() / 1000 - trial.at_s < 12 * 3600 && seen !== nameOf(trial);
  const told = trial?.phase === "put_back" || (trial?.phase === "kept" && witnessed);
  if (!trial || !fresh || !told) return null;
  return (
    <section class="trial" data-trial={trial.phase} role="status">
      <p>{trial.phase === "kept" ? say("kept", { n: trial.to }) : `${say("went_back", { n: trial.to })} ${reason(desk, trial.why)}`}</p>
      <button type="button" class="quiet" onClick={close}>
        {say("understood")}
      </button>
    </section>
  );
}
