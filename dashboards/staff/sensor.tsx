// SPDX-License-Identifier: Apache-2.0
// The wearable: is it heard, does it touch the skin, has it power, who wears it; and the calm pulse. And the music.
import type { Room } from "../shared/room";
import type { Word } from "../shared/words";
import { Action } from "./action";
import type { StepProps } from "./strip";
import { calmPulse, heard, pulseAge } from "./values";

function check(room: Room, elapsedS: number): Record<string, [Word, boolean | null]> {
  const { unfit } = room.heart;
  const isHeard = heard(room, elapsedS) || unfit === "no_contact" || unfit === "battery_low" || unfit === "unsteady";
  return {
    sensor_heard: [isHeard ? "is_yes" : "is_no", isHeard],
    sensor_contact: !isHeard ? ["unknown", null] : unfit === "no_contact" ? ["is_no", false] : ["is_yes", true],
    sensor_battery: !isHeard ? ["unknown", null] : unfit === "battery_low" ? ["is_low", false] : ["is_yes", true],
    sensor_whose: !isHeard ? ["unknown", null] : room.arousal.wearer_unsure ? ["is_asked", false] : ["is_yes", true],
  };
}

export function Sensor({ say, room, elapsedS, told }: StepProps) {
  const { wearer_unsure } = room.arousal;
  const canMeasure = heard(room, elapsedS) && room.calm_pulse.state !== "running";
  return (
    <>
      <ul class="checks">
        {Object.entries(check(room, elapsedS)).map(([what, [answer, fine]]) => (
          <li key={what} data-fine={String(fine)}>
            {say(what as Word)} <strong>{say(answer)}</strong>
          </li>
        ))}
      </ul>
      <Action
        {...{ say, told }}
        path="wearer"
        fields={{ same: true }}
        classes="tile"
        name={say("same_person")}
        disabled={!wearer_unsure}
      />
      <Action
        {...{ say, told }}
        path="wearer"
        fields={{ same: false }}
        classes="tile"
        name={say("another_person")}
        disabled={!wearer_unsure}
      />
      <Action
        {...{ say, told }}
        path="baseline"
        classes="tile"
        name={say("calm_pulse_take")}
        note={calmPulse(say, room.calm_pulse) || (heard(room, elapsedS) ? say("age", { n: pulseAge(room, elapsedS) }) : "")}
        disabled={!canMeasure}
      />
    </>
  );
}

const sources = ["library", "pulse", "heartbeat", "drum", "shaker", "wood", "silence"] as const;
const besideTracks: readonly string[] = ["library", "pulse", "silence"];
const mostTracks = 5;

// While the music is the institution's own, its tracks stand where the pulse's timbres stood.
export function Sound({ say, room, told }: StepProps) {
  const [source, chosen] = (room.source ?? "").split(":");
  const tracks = source === "library" ? room.player.offered.slice(0, mostTracks) : [];
  const shown = tracks.length > 0 ? sources.filter((id) => besideTracks.includes(id)) : sources;
  const tile = (id: string, name: string, isOn: boolean, note: string) => (
    <Action
      key={id}
      {...{ say, told }}
      path="source"
      fields={{ id }}
      classes={isOn ? "tile on" : "tile"}
      name={name}
      note={isOn ? note : ""}
    />
  );
  return (
    <>
      {shown.map((id) => tile(id, say(`play_${id}`), source === id, say("is_on")))}
      {tracks.map(({ id, title }) => tile(`library:${id}`, title, chosen === id, say("chosen")))}
    </>
  );
}
