// SPDX-License-Identifier: Apache-2.0
// What changes by itself is asked for again and again; while nobody answers, the last answer stands and is called old.
import { useEffect, useState } from "preact/hooks";
import { ask, Refused } from "../shared/ask";

export interface Polled<Answer> {
  answer?: Answer;
  refused?: number; // why the last one was not answered; 0: nobody answered at all
  again: () => void;
}

const everyMs = 2000;

export function usePolled<Answer>(path: string): Polled<Answer> {
  const [now, setNow] = useState<{ path: string; answer?: Answer; refused?: number }>({ path });
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let current = true;
    let timer = 0;
    const look = async () => {
      try {
        const answer: Answer = await (await ask(path)).json();
        if (current) setNow({ path, answer });
      } catch (error) {
        const refused = error instanceof Refused ? error.status : 0;
        if (current) setNow((before) => ({ ...(before.path === path ? before : { path }), refused }));
      }
      if (current) timer = setTimeout(look, everyMs);
    };
    look();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [path, asked]);
  const { answer, refused }: { answer?: Answer; refused?: number } = now.path === path ? now : {};
  return { ...(answer === undefined ? {} : { answer }), ...(refused === undefined ? {} : { refused }), again: () => setAsked(asked + 1) };
}
