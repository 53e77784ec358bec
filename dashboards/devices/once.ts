// SPDX-License-Identifier: Apache-2.0
// An answer that is asked for once, and again when somebody says so or the room has begun anew.
import { useEffect, useState } from "preact/hooks";
import { ask, Refused } from "../shared/ask";

export interface Once<Answer> {
  answer?: Answer;
  refused?: number; // why there is none; 0: nobody answered
  again: () => void;
}

// Sent when the settings that the room runs with are others than before.
export const anew = "settings-anew";

export function useOnce<Answer>(path: string): Once<Answer> {
  const [now, setNow] = useState<{ path: string; answer?: Answer; refused?: number }>({ path });
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const again = () => setAsked((n) => n + 1);
    addEventListener(anew, again);
    return () => removeEventListener(anew, again);
  }, []);
  useEffect(() => {
    let current = true;
    ask(path)
      .then((answer) => answer.json())
      .then(
        (answer: Answer) => current && setNow({ path, answer }),
        (error) => current && setNow((before) => ({ ...(before.path === path ? before : { path }), refused: error instanceof Refused ? error.status : 0 })),
      );
    return () => {
      current = false;
    };
  }, [path, asked]);
  const again = () => setAsked((n) => n + 1);
  return now.path === path ? { ...now, again } : { again };
}
