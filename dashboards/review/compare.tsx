// SPDX-License-Identifier: Apache-2.0
// The last twelve sessions of one person from their start, pulse and index, all on one scale.
import type { Aligned, Series } from "./api";
import type { Desk } from "./app";
import { Loaded } from "./loaded";
import { clockOf, dateAndTime, rounded } from "./text";

const names = ["hr.mean10_bpm", "arousal.index"];
const width = 220;
const height = 90;

interface Scale {
  min: number;
  max: number;
}

// A line that ends at each gap, as SVG path; "" where nothing was kept.
export function pathOf({ rows }: Series, length_s: number, { min, max }: Scale): string {
  let path = "";
  let pen = false;
  rows.t_s.forEach((t, i) => {
    const value = rows.mean[i];
    if (value == null) {
      pen = false;
      return;
    }
    const x = (t / length_s) * width;
    const y = height - 4 - ((value - min) / (max - min || 1)) * (height - 8);
    path += `${pen ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    if (!pen) path += `l.01 0`;
    pen = true;
  });
  return path;
}

function Small({ desk, session, name, length_s, scale }: { desk: Desk; session: Aligned["sessions"][number]; name: string; length_s: number; scale: Scale }) {
  const series = session.series.filter((one) => one.name === name && one.rows.t_s.length > 0);
  const what = `${dateAndTime(session.start)}, ${desk.presetName(session.preset)}`;
  return (
    <a class="small" href={`#/session/${session.session}`}>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={what}>
        {series.map((one) => (
          <path key={one.device} d={pathOf(one, length_s, scale)} />
        ))}
      </svg>
      <span>{what}</span>
    </a>
  );
}

export function Compare({ desk, code }: { desk: Desk; code: string }) {
  const { say, language } = desk;
  return (
    <section>
      <h3>{say("compare")}</h3>
      <p class="note">{say("compare_note")}</p>
      <Loaded<Aligned> say={say} path={`participants/${code}/sessions?aligned=start&last=12&points=200&names=${names.join(",")}`}>
        {({ length_s, scales, sessions }) => (
          <>
            {scales
              .filter((scale): scale is { name: string; min: number; max: number } => scale.min !== null && scale.max !== null)
              .map((scale) => (
                <div key={scale.name}>
                  <h4>
                    {`${say(scale.name === "arousal.index" ? "index" : "plot_pulse")} `}
                    <small>{`${rounded(scale.min, 1, language)}–${rounded(scale.max, 1, language)}, ${clockOf(0)}–${clockOf(length_s)}`}</small>
                  </h4>
                  <div class="smalls">
                    {sessions.map((session) => (
                      <Small key={session.session} {...{ desk, session, length_s, scale }} name={scale.name} />
                    ))}
                  </div>
                </div>
              ))}
          </>
        )}
      </Loaded>
    </section>
  );
}
