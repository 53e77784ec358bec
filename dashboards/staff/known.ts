// SPDX-License-Identifier: Apache-2.0
// What the team has written of the one who is here. Asked for when it is needed, and again when somebody else is here;
// each asking is told in the access log.
import { useEffect, useState } from "preact/hooks";
import type { Known, Room } from "../shared/room";

const answerMs = 4000;

export function useKnown(room: Room, wanted: boolean): Known | null | undefined {
  const [known, setKnown] = useState<Known | null | undefined>(undefined);
  const whose = `${room.session} ${room.participant_named} ${room.participant_change}`;
  useEffect(() => setKnown(undefined), [whose]); // never one's map under another
  useEffect(() => {
    if (!wanted || room.session === null) return;
    let current = true;
    fetch("/api/v1/session/state-map", { signal: AbortSignal.timeout(answerMs) })
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => null)
      .then((got: Known | null) => current && setKnown(got));
    return () => {
      current = false;
    };
  }, [whose, wanted]);
  return known;
}
