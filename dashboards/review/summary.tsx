// SPDX-License-Identifier: Apache-2.0
// Before, during, after: medians with their quartiles, how many values and how much of the time they speak for.
import type { Statistic, Summary } from "./api";
import type { Desk } from "./app";
import { clockOf, rounded, sayKey, type Word } from "./text";

function Number({ desk, of, digits }: { desk: Desk; of: Statistic & { quality?: string }; digits: number }) {
  const { say, language } = desk;
  const number = (value: number) => rounded(value, digits, language)!;
  if (of.median === null) return <td>{`${say("unknown")}${of.reason === null ? "" : `: ${sayKey(say, `reason_${of.reason}`, of.reason)}`}`}</td>;
  const notes = [
    of.q1 !== null && of.q3 !== null ? say("quartiles", { low: number(of.q1), high: number(of.q3) }) : "",
    say("n_good", { n: of.n }),
    of.quality === "doubtful" ? `${say("quality_doubtful")}: ${sayKey(say, `reason_${of.reason}`, of.reason ?? "")}` : "",
    of.valid_share === null ? "" : say("valid_of", { n: Math.round(of.valid_share * 100) }),
  ];
  return (
    <td>
      <strong>{number(of.median)}</strong> <small>{notes.filter(Boolean).join(", ")}</small>
    </td>
  );
}

export function BeforeAfter({ desk, summary }: { desk: Desk; summary: Summary }) {
  const { say } = desk;
  const stretches: [Word, Summary["before"]][] = [
    ["before", summary.before],
    ["during", summary.during],
    ["after", summary.after],
  ];
  return (
    <table class="wide" data-table="before-after">
      <caption>{say("table_before_after")}</caption>
      <thead>
        <tr>
          <td></td>
          <th scope="col">{say("plot_pulse")}</th>
          <th scope="col">{say("index")}</th>
        </tr>
      </thead>
      <tbody>
        {stretches.map(([word, stretch]) => (
          <tr key={word}>
            <th scope="row">
              {say(word)} <small>{stretch.from_s === null || stretch.to_s === null ? "" : `${clockOf(stretch.from_s)}–${clockOf(stretch.to_s)}`}</small>
            </th>
            <Number desk={desk} of={stretch.heart} digits={0} />
            <Number desk={desk} of={stretch.index} digits={2} />
          </tr>
        ))}
        <tr>
          <th scope="row">
            {say("own_baseline")} <small>{say("own_baseline_note")}</small>
          </th>
          <Number desk={desk} of={summary.own_baseline} digits={0} />
          <td></td>
        </tr>
      </tbody>
    </table>
  );
}
