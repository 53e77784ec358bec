// SPDX-License-Identifier: Apache-2.0
// Events and ratings as people read them. What the room noted for itself alone (its states, each step of what it
// follows) is in the export, not here.
import type { Marks } from "./api";
import type { Desk } from "./app";
import type { Upright } from "./plot";
import { Heads } from "../shared/desk";
import { clockOf, sayKey, type Word } from "./text";

interface Mark {
  t_s: number;
  text: string;
  kind: Upright["kind"];
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

function eventText(desk: Desk, kind: string, data: Record<string, unknown>): string | null {
  const { say } = desk;
  switch (kind) {
    case "phase":
      return say("mark_phase", { what: sayKey(say, `phase_${text(data["phase"])}`, text(data["phase"])) });
    case "activity":
      return say("mark_activity", { what: desk.activityName(text(data["id"])) });
    case "mark":
      return sayKey(say, `mark_${text(data["kind"])}`, text(data["kind"]));
    case "recording":
      return say(data["on"] === true ? "mark_recording_on" : "mark_recording_off");
    case "manual":
    case "release":
    case "undo":
      return say(`mark_${kind}` as Word, { what: channelText(desk, text(data["channel"])) });
    case "stop":
    case "withdrawn":
    case "end_gently":
      return say(`mark_${kind}` as Word);
    default:
      return null;
  }
}

const channels: Record<string, Word> = { light: "plot_light", volume: "plot_volume", tempo: "plot_tempo" };
const channelText = ({ say }: Desk, channel: string) => (channels[channel] ? say(channels[channel]!).toLowerCase() : channel);

export const stateText = ({ say }: Desk, state: string) => sayKey(say, `state_${state}`, state);

function ratingText(desk: Desk, { whose, by, when, state }: Marks["ratings"][number]): string {
  const who = by === "participant" ? "by_participant" : whose === "staff" ? "by_staff_of_staff" : "by_staff_of_participant";
  return `${desk.say(who)}, ${sayKey(desk.say, when, when).toLowerCase()}: ${stateText(desk, state)}`;
}

function marksOf(desk: Desk, marks: Marks): Mark[] {
  const events = marks.events.flatMap(({ t_s, kind, data }) => {
    const words = eventText(desk, kind, data);
    return words === null ? [] : [{ t_s, text: words, kind: kindOf(kind) }];
  });
  const ratings = marks.ratings.map((rating) => ({ t_s: rating.t_s, text: ratingText(desk, rating), kind: "person" as const }));
  return [...events, ...ratings].toSorted((a, b) => a.t_s - b.t_s);
}

const kindOf = (kind: string): Upright["kind"] => (kind === "phase" ? "phase" : kind === "stop" || kind === "withdrawn" ? "stop" : "person");
const drawn = ["phase", "activity", "mark", "stop", "withdrawn", "end_gently"];

export function uprightsOf(marks: Marks | undefined): Upright[] {
  if (!marks) return [];
  const events = marks.events.filter(({ kind }) => drawn.includes(kind)).map(({ t_s, kind }) => ({ t_s, kind: kindOf(kind) }));
  return [...events, ...marks.ratings.map(({ t_s }) => ({ t_s, kind: "person" as const }))];
}

export function MarkTable({ desk, marks }: { desk: Desk; marks: Marks | undefined }) {
  const { say } = desk;
  if (!marks) return null;
  const rows = marksOf(desk, marks);
  if (rows.length === 0) return <p class="empty">{say("no_marks")}</p>;
  return (
    <table class="wide">
      <caption>{say("marks")}</caption>
      <Heads of={[say("time"), say("what")]} />
      <tbody>
        {rows.map((row, i) => (
          <tr key={i} data-kind={row.kind}>
            <th scope="row" class="number">{clockOf(row.t_s)}</th>
            <td>{row.text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
