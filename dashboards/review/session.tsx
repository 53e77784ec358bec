// SPDX-License-Identifier: Apache-2.0
// One session on one time axis, with what people did and said, and its numbers before, during and after.
import { useMemo, useState } from "preact/hooks";
import type { Marks, SeriesAnswer, Summary } from "./api";
import type { Desk } from "./app";
import { Correction, Exports } from "./session-actions";
import { allNames, plots, seriesOf, smoothing_s } from "./curves";
import { useAnswer, wordOf } from "./loaded";
import { MarkTable, uprightsOf } from "./marks";
import { Plot, type Window } from "./plot";
import { endWord } from "./session-list";
import { BeforeAfter } from "./summary";
import { clockOf, dateAndTime, rounded } from "./text";

const points = 600; // two pixels of a desk each; a closer look asks anew

function Steering({ desk, window, length_s, zoomed }: { desk: Desk; window: Window; length_s: number; zoomed: (w: Window) => void }) {
  const { say } = desk;
  const width = window.to_s - window.from_s;
  const to = (middle: number, wide: number) => {
    const kept = Math.min(length_s, Math.max(10, wide));
    const from_s = Math.min(Math.max(0, middle - kept / 2), length_s - kept);
    zoomed({ from_s, to_s: from_s + kept });
  };
  const middle = window.from_s + width / 2;
  return (
    <p class="row steering">
      <button type="button" onClick={() => to(middle, width / 2)}>{say("zoom_in")}</button>
      <button type="button" onClick={() => to(middle, width * 2)} disabled={width >= length_s}>{say("zoom_out")}</button>
      <button type="button" onClick={() => to(middle - width / 2, width)} disabled={window.from_s <= 0}>{`← ${say("left")}`}</button>
      <button type="button" onClick={() => to(middle + width / 2, width)} disabled={window.to_s >= length_s}>{`${say("right")} →`}</button>
      <button type="button" onClick={() => zoomed({ from_s: 0, to_s: length_s })} disabled={width >= length_s}>{say("whole")}</button>
      <span class="number">{`${clockOf(window.from_s)}–${clockOf(window.to_s)}`}</span>
    </p>
  );
}

export function SessionView({ desk, id }: { desk: Desk; id: string }) {
  const { say, language } = desk;
  const [window, zoomed] = useState<Window | null>(null);
  const [smooth, setSmooth] = useState(false);
  const part = window === null ? "" : `&from=${window.from_s.toFixed(3)}&to=${window.to_s.toFixed(3)}`;
  const curves = useAnswer<SeriesAnswer>(`sessions/${id}/series?names=${allNames.join(",")}&points=${points}${part}`);
  const summary = useAnswer<Summary>(`sessions/${id}/summary`);
  const marks = useAnswer<Marks>(`sessions/${id}/marks`);
  const [shown, setShown] = useState<SeriesAnswer | null>(null);
  if (curves.answer && curves.answer !== shown) setShown(curves.answer); // the old curves stand until the new are there
  const uprights = useMemo(() => uprightsOf(marks.answer), [marks.answer]);
  const series = useMemo(() => new Map(plots.map((plot) => [plot.id, shown ? seriesOf(plot, shown.series) : []])), [shown]);
  const refused = curves.refused ?? summary.refused ?? marks.refused;
  if (refused !== undefined) return <p class="empty">{say(wordOf(refused))}</p>;
  const head = summary.answer ?? shown;
  if (!head || !shown) return <p class="empty">{say("reading")}</p>;

  const whole: Window = { from_s: 0, to_s: Math.max(1, head.length_s) };
  const { own_baseline } = summary.answer ?? {};
  const band = own_baseline?.quality === "good" && own_baseline.q1 !== null && own_baseline.q3 !== null ? { low: own_baseline.q1, high: own_baseline.q3 } : undefined;
  const bucket = rounded(shown.bucket_s, shown.bucket_s < 1 ? 2 : 0, language)!;
  return (
    <article>
      <p class="row">
        {head.participant === null ? say("without_code") : <a href={`#/participant/${encodeURIComponent(head.participant)}`}>{say("back", { code: head.participant })}</a>}
      </p>
      <h2>{say("session_of", { time: dateAndTime(head.start) })}</h2>
      <p class="facts">
        {[desk.presetName(head.preset), clockOf(head.length_s), endWord(say, head.end_reason)].join(" · ")}
      </p>
      {summary.answer && <BeforeAfter desk={desk} summary={summary.answer} />}
      <div class="row spread">
        <Steering desk={desk} window={window ?? whole} length_s={whole.to_s} zoomed={(next) => zoomed(next.to_s - next.from_s >= whole.to_s ? null : next)} />
        <label class="check">
          <input type="checkbox" checked={smooth} onChange={() => setSmooth(!smooth)} />
          {say("smoothed")}
        </label>
      </div>
      <p class="note">{smooth ? say("smoothed_note", { n: smoothing_s }) : say("raw_note", { n: bucket })}</p>
      <ul class="legend key">
        {(["phase", "person", "stop", "band", "gap"] as const).map((kind) => (
          <li key={kind}>
            <i data-mark={kind}></i>
            {say(`legend_${kind}`)}
          </li>
        ))}
      </ul>
      <div class="plots">
        {plots.map((kind) => (
          <Plot
            key={kind.id}
            {...{ desk, kind, smooth, uprights, zoomed }}
            series={series.get(kind.id)!}
            until_s={shown.to_s}
            window={window ?? whole}
            band={kind.id === "pulse" ? band : undefined}
          />
        ))}
      </div>
      <p class="note">{say("descriptive")}</p>
      <MarkTable desk={desk} marks={marks.answer} />
      <Exports desk={desk} id={id} />
      <Correction desk={desk} id={id} />
      <p class="note">
        {say("made_with", { software: head.software, preset: head.preset, version: head.preset_version, hash: head.settings_hash.slice(0, 12) })}
      </p>
    </article>
  );
}
