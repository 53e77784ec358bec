// SPDX-License-Identifier: Apache-2.0
// An answer that is waited for, or why there is none.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Refused } from "../shared/ask";
import { read } from "./api";
import type { Say, Word } from "./text";

type Waiting<Answer> = { path: string; answer?: Answer; refused?: number };

// Asks anew when the path changes; an answer to an older question is dropped.
export function useAnswer<Answer>(path: string): Waiting<Answer> {
  const [waiting, setWaiting] = useState<Waiting<Answer>>({ path });
  useEffect(() => {
    let current = true;
    read<Answer>(path).then(
      (answer) => current && setWaiting({ path, answer }),
      (error) => current && setWaiting({ path, refused: error instanceof Refused ? error.status : 0 }),
    );
    return () => {
      current = false;
    };
  }, [path]);
  return waiting.path === path ? waiting : { path };
}

export function wordOf(refused: number): Word {
  if (refused === 403 || refused === 401) return "not_allowed";
  if (refused === 503 || refused === 409) return "not_now";
  if (refused === 422) return "bad_value";
  return refused === 404 ? "not_there" : "no_answer";
}

interface LoadedProps<Answer> {
  say: Say;
  path: string;
  children: (answer: Answer) => ComponentChildren;
}
export function Loaded<Answer>({ say, path, children }: LoadedProps<Answer>) {
  const { answer, refused } = useAnswer<Answer>(path);
  if (refused !== undefined) return <p class="empty">{say(wordOf(refused))}</p>;
  if (answer === undefined) return <p class="empty">{say("reading")}</p>;
  return <>{children(answer)}</>;
}
