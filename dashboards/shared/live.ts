// SPDX-License-Identifier: Apache-2.0
// The room as it changes. Contact is lost when the stream breaks, or when it is silent and the room does not answer.
import { forgetClock, heardClock } from "./clock";
import type { Confirmation, Room } from "./room";

export interface Listener {
  room(room: Room): void;
  confirmed(confirmation: Confirmation): void;
  lost(lastContact: Date): void;
}

const silenceMs = 8000;
const answerMs = 2000;
const againMs = 2000;

export function follow(listener: Listener): void {
  let lastContact = new Date();
  let lastHeard = performance.now();
  let source: EventSource | undefined;

  const heard = () => {
    lastContact = new Date();
    lastHeard = performance.now();
  };
  const connect = () => {
    source?.close();
    forgetClock();
    source = new EventSource("/api/v1/live");
    source.addEventListener("state", (event) => {
      heard();
      const room: Room = JSON.parse(event.data);
      heardClock(room.clock_s);
      listener.room(room);
    });
    source.addEventListener("confirm", (event) => {
      heard();
      listener.confirmed(JSON.parse(event.data));
    });
    source.onerror = () => {
      listener.lost(lastContact);
      source?.close();
      setTimeout(connect, againMs);
    };
  };
  const check = async () => {
    if (performance.now() - lastHeard < silenceMs) return;
    try {
      const answer = await fetch("/api/v1/room", { signal: AbortSignal.timeout(answerMs) });
      if (!answer.ok) throw new Error(answer.statusText);
      const room: Room = await answer.json();
      heard();
      listener.room(room);
    } catch {
      listener.lost(lastContact);
    }
  };
  connect();
  setInterval(check, againMs);
}
