// SPDX-License-Identifier: Apache-2.0
// The last twelve sessions of one person beside each other, pulse and index, all on one scale: from their start, or from
// where a phase began.
import { useState } from "preact/hooks";
import { Scroll } from "../shared/desk";
import type { Aligned, AlignedSession, Series } from "./api";
import type { Desk } from "./app";
import { Loaded } from "./loaded";
import { Numbers } from "./numbers";
import { clockOf, dateAndTime, rounded, sayKey } from "./text";

const names = ["hr.mean10_bpm", "arousal.index"];
const phases = ["lead", "stay", "close"]; // arrive is the start
const spans_min = [5, 10, 20]; // one long session must not make all others a stroke
const width = 220;
const height = 90;

interface Scale {
  name: string;
  min: number;
  max: number;
}
// Of the time axis that all have, 0 where they are aligned.
interface Axis {
  from_s: number;
  to_s: number;
}
interface Placed {
  session: AlignedSession;
  zero_s: number; // since the session's start
}

// Only those that came that far.
export function placed(sessions: AlignedSession[], at: string): Placed[] {
  return sessions.flatMap((session) => {
    const zero_s = at === "start" ? 0 : session.phases.find(({ phase }) => phase === at)?.t_s;
    return zero_s === undefined ? [] : [{ session, zero_s }];
  });
}

const axisOf = (all: Placed[]): Axis => ({
  from_s: Math.min(...all.map(({ zero_s }) => -zero_s)),
  to_s: Math.max(...all.map(({ session, zero_s }) => session.length_s - zero_s)),
});

const across = (t_s: number, { from_s, to_s }: Axis) => ((t_s - from_s) / (to_s - from_s || 1)) * width;

// A line that ends at each gap, as SVG path; "" where nothing was kept.
export function pathOf({ rows }: Series, zero_s: number, axis: Axis, { min, max }: Scale): string {
  let path = "";
  let pen = false;
  rows.t_s.forEach((t, i) => {
    const value = rows.mean[i];
    if (value == null) {
      pen = false;
      return;
    }
    const y = height - 4 - ((value - min) / (max - min || 1)) * (height - 8);
    path += `${pen ? "L" : "M"}${across(t - zero_s, axis).toFixed(1)} ${y.toFixed(1)}`;
    if (!pen) path += `l.01 0`;
    pen = true;
  });
  return path;
}

const titleOf = (desk: Desk, { start, preset }: AlignedSession) => `${dateAndTime(start)}, ${desk.presetName(preset)}`;
const seriesOf = ({ series }: AlignedSession, name: string) => series.filter((one) => one.name === name && one.rows.t_s.length > 0);

function Small({ desk, one, axis, scale }: { desk: Desk; one: Placed; axis: Axis; scale: Scale }) {
  const { session, zero_s } = one;
  const what = titleOf(desk, session);
  const zero = across(0, axis).toFixed(1);
  return (
    <a class="small" href={`#/session/${session.session}`}>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={what}>
        {axis.from_s < 0 && <line class="zero" x1={zero} x2={zero} y1="0" y2={height} />}
        {seriesOf(session, scale.name).map((series) => (
          <path key={series.device} d={pathOf(series, zero_s, axis, scale)} />
        ))}
      </svg>
      <span>{what}</span>
    </a>
  );
}

function OnOneScale({ desk, all, axis, scale }: { desk: Desk; all: Placed[]; axis: Axis; scale: Scale }) {
  const { say, language } = desk;
  const [tabled, setTabled] = useState(false);
  const ofIndex = scale.name === "arousal.index";
  return (
    <div data-scale={scale.name}>
      <h4 class="row">
        <span>
          {`${say(ofIndex ? "index" : "plot_pulse")} `}
          <small>{`${rounded(scale.min, 1, language)}–${rounded(scale.max, 1, language)}, ${clockOf(axis.from_s)}–${clockOf(axis.to_s)}`}</small>
        </span>
        <button type="button" class="quiet" aria-expanded={tabled} onClick={() => setTabled(!tabled)}>
          {say("as_table")}
        </button>
      </h4>
      <div class="smalls">
        {all.map((one) => (
          <Small key={one.session.session} {...{ desk, one, axis, scale }} />
        ))}
      </div>
      {tabled && (
        <Scroll label={say("as_table")} tall>
          {all.flatMap(({ session, zero_s }) =>
            seriesOf(session, scale.name).map(({ device, rows }) => (
              <Numbers key={session.session + device} caption={[titleOf(desk, session), device ?? ""].filter(Boolean).join(" · ")} digits={ofIndex ? 2 : 0} {...{ desk, rows, zero_s }} />
            )),
          )}
        </Scroll>
      )}
    </div>
  );
}

function Choice({ label, value, set, of }: { label: string; value: string; set: (value: string) => void; of: [value: string, says: string][] }) {
  return (
    <label>
      {`${label} `}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        {of.map(([one, says]) => (
          <option key={one} value={one}>{says}</option>
        ))}
      </select>
    </label>
  );
}

function Twelve({ desk, sessions, scales }: { desk: Desk } & Pick<Aligned, "sessions" | "scales">) {
  const { say } = desk;
  const [at, setAt] = useState("start");
  const [span, setSpan] = useState("whole");
  const all = placed(sessions, at);
  const whole = axisOf(all);
  const spans = spans_min.filter((minutes) => minutes * 60 < whole.to_s).map(String);
  const axis = spans.includes(span) ? { ...whole, to_s: Number(span) * 60 } : whole;
  const offered = ["start", ...phases.filter((phase) => placed(sessions, phase).length > 0)];
  const missing = sessions.length - all.length;
  return (
    <>
      <p class="row">
        <Choice label={say("aligned_at")} value={at} set={setAt} of={offered.map((one) => [one, one === "start" ? say("aligned_start") : sayKey(say, `phase_${one}`, one)])} />
        <Choice label={say("aligned_span")} value={spans.includes(span) ? span : "whole"} set={setSpan} of={[["whole", say("aligned_whole")], ...spans.map((n): [string, string] => [n, `${n} min`])]} />
        {missing > 0 && <span class="note">{say("not_so_far", { n: missing })}</span>}
      </p>
      {scales
        .filter((scale): scale is Scale => scale.min !== null && scale.max !== null)
        .map((scale) => (
          <OnOneScale key={scale.name} {...{ desk, all, axis, scale }} />
        ))}
    </>
  );
}

export function Compare({ desk, code }: { desk: Desk; code: string }) {
  const { say } = desk;
  return (
    <section class="compare">
      <h3>{say("compare")}</h3>
      <p class="note">{say("compare_note")}</p>
      <Loaded<Aligned> say={say} path={`participants/${code}/sessions?aligned=start&last=12&points=200&names=${names.join(",")}`}>
        {({ sessions, scales }) => <Twelve {...{ desk, sessions, scales }} />}
      </Loaded>
    </section>
  );
}
