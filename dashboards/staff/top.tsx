// SPDX-License-Identifier: Apache-2.0
// What the room does: mode, preset, phase, minutes; the lamp of the recording. Keep in step with page_now.cpp.
import type { Room } from "../shared/room";
import type { Outcome } from "../shared/send";
import type { Say } from "../shared/text";
import type { Word } from "../shared/words";
import { Action } from "./action";
import type { Boot } from "./boot";

const phases: Record<string, Word> = {
  arrive: "phase_arrive",
  lead: "phase_lead",
  stay: "phase_stay",
  close: "phase_close",
};

interface Props {
  say: Say;
  boot: Boot;
  room: Room;
  elapsedS: number;
  told: (outcome: Outcome) => void;
}

// The lamp is for everyone in the room; in a session one tap turns recording off while the room works on.
export function Top({ say, boot, room, elapsedS, told }: Props) {
  const preset = boot.presets.find((one) => one.id === room.preset);
  const phase = room.phase === null ? "" : phases[room.phase] ? say(phases[room.phase]!) : room.phase;
  const what = [preset?.name[boot.language] ?? room.preset ?? "", phase].filter((part) => part !== "");
  const minutes = Math.ceil(Math.max(0, room.remaining_s - elapsedS) / 60);
  return (
    <header class="top">
      <h1>{boot.room}</h1>
      <p class="mode">
        <i class="shape"></i>
        <strong>{say(`mode_${room.state}`)}</strong>
        <span class="what">{what.join(" · ")}</span>
        <span class="left">{room.session === null ? "" : say("minutes_left", { n: minutes })}</span>
      </p>
      {room.simulated && <p class="simulated">{say("simulated")}</p>}
      <p class="lamp" data-on={room.recording}>
        <i></i>
        {say(room.recording ? "recording_on" : "recording_off")}
      </p>
      {room.session !== null && (
        <Action
          {...{ say, told }}
          path="session/recording"
          fields={{ on: !room.recording }}
          classes="record"
          name={say(room.recording ? "turn_recording_off" : "turn_recording_on")}
        />
      )}
    </header>
  );
}
