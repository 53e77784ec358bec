// SPDX-License-Identifier: Apache-2.0
// The rows of a series as a table: the numbers that a plot draws.
import { Heads } from "../shared/desk";
import type { Series } from "./api";
import type { Desk } from "./app";
import { clockOf, rounded } from "./text";

interface Props {
  desk: Desk;
  caption: string;
  rows: Series["rows"];
  digits: number;
  scale?: number; // what a value of the record is multiplied with for the eye
  zero_s?: number; // since the session's start, where time is 0
}

export function Numbers({ desk: { say, language }, caption, rows, digits, scale = 1, zero_s = 0 }: Props) {
  const number = (value: number | null) => (value === null ? say("unknown") : rounded(value * scale, digits, language));
  return (
    <table class="numbers">
      <caption>{caption}</caption>
      <Heads of={[say("time"), say("mean"), say("lowest"), say("highest"), "n"]} />
      <tbody>
        {rows.t_s.map((t, i) => (
          <tr key={t} data-gap={rows.n[i] === 0}>
            <th scope="row">{clockOf(t - zero_s)}</th>
            <td>{number(rows.mean[i]!)}</td>
            <td>{number(rows.min[i]!)}</td>
            <td>{number(rows.max[i]!)}</td>
            <td>{rows.n[i]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
