// SPDX-License-Identifier: Apache-2.0
// One button that asks something of the room. It is a real form, so that it works before this script does.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Outcome } from "../shared/send";
import { send } from "../shared/send";
import { moved, settled } from "../shared/settle";
import type { Say } from "../shared/text";
import type { Word } from "../shared/words";

type Value = string | number | boolean;

export interface ActionProps {
  say: Say;
  path: string;
  fields?: Record<string, Value>;
  classes: string;
  name: string;
  note?: string;
  label?: string; // read out instead of the name
  disabled?: boolean;
  always?: boolean; // of the permanent bar: never moves, so no tap on it is ignored
  told?: (outcome: Outcome) => void;
}

// "received" is the room's word; what the devices did is told by the state and, after a stop, by its confirmation.
const showMs = 2500;

export function Action(props: ActionProps) {
  const { say, path, fields = {}, classes, name, note = "", label, disabled = false, always = false, told } = props;
  const [progress, setProgress] = useState<Word | null>(null);
  const meaning = useRef(path);
  if (meaning.current !== path) {
    meaning.current = path;
    moved();
  }
  useEffect(() => {
    if (progress === null || progress === "sending") return;
    const timer = setTimeout(() => setProgress(null), showMs);
    return () => clearTimeout(timer);
  }, [progress]);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (!always && !settled()) return;
    setProgress("sending");
    const outcome = await send(path, fields);
    setProgress(outcome.done ? "received" : outcome.why === "stop_unknown" ? "not_known" : "not_sent");
    told?.(outcome);
  };

  return (
    <form method="post" action={`/api/v1/${path}`} onSubmit={submit}>
      {Object.entries(fields).map(([key, value]) => (
        <input key={key} type="hidden" name={key} value={String(value)} />
      ))}
      <button class={classes} disabled={disabled} data-progress={progress ?? ""} aria-label={label}>
        <i></i>
        <span class="name">{name}</span>
        <span class="note">{progress === null ? note : say(progress)}</span>
      </button>
    </form>
  );
}
