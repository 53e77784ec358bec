// SPDX-License-Identifier: Apache-2.0
// What the plots of a session show, and how answers of the record become lines.
import type { Series } from "./api";
import type { Word } from "./text";

export interface PlotKind {
  id: string;
  title: Word;
  names: string[];
  unit: string;
  digits: number;
  scale: number; // what a value of the record is multiplied with for the eye
  range?: [number, number]; // of the axis, in the eye's unit
  line?: Word[]; // what each name is called beside the device
}

export const plots: PlotKind[] = [
  { id: "pulse", title: "plot_pulse", names: ["hr.bpm"], unit: "/min", digits: 0, scale: 1 },
  { id: "rmssd", title: "plot_rmssd", names: ["hr.rmssd60_ms"], unit: "ms", digits: 0, scale: 1 },
  { id: "index", title: "plot_index", names: ["arousal.index"], unit: "", digits: 2, scale: 1 },
  { id: "confidence", title: "plot_confidence", names: ["arousal.confidence"], unit: "%", digits: 0, scale: 100, range: [0, 100] },
  { id: "movement", title: "plot_movement", names: ["motion.body_mps2"], unit: "m/s²", digits: 2, scale: 1 },
  { id: "swing", title: "plot_swing", names: ["motion.amplitude_deg"], unit: "°", digits: 0, scale: 1 },
  { id: "light", title: "plot_light", names: ["light.level.commanded", "light.level.confirmed"], unit: "%", digits: 0, scale: 100, range: [0, 100], line: ["commanded", "confirmed"] },
  { id: "colour", title: "plot_colour", names: ["light.cct_k.commanded"], unit: "K", digits: 0, scale: 1, line: ["commanded"] },
  { id: "tempo", title: "plot_tempo", names: ["player.bpm.commanded", "player.bpm.confirmed"], unit: "/min", digits: 0, scale: 1, line: ["commanded", "confirmed"] },
  { id: "volume", title: "plot_volume", names: ["player.volume.commanded", "player.volume.confirmed"], unit: "%", digits: 0, scale: 100, range: [0, 100], line: ["commanded", "confirmed"] },
];

export const allNames = plots.flatMap((plot) => plot.names);
export const seriesOf = (plot: PlotKind, all: Series[]) => all.filter((one) => plot.names.includes(one.name) && one.rows.t_s.length > 0);

export type Line = { t_s: number[]; value: (number | null)[]; low: (number | null)[]; high: (number | null)[] };

// The record's rows as they came. What was commanded stands until the next command, so its last one is drawn on.
export function rawLine({ rows, step }: Series, scale: number, until_s: number): Line {
  const held = (column: (number | null)[], last: (number | null)[]) =>
    [...column, ...(step ? last.slice(-1) : [])].map((value) => (value === null ? null : value * scale));
  return {
    t_s: step ? [...rows.t_s, Math.max(until_s, (rows.t_s.at(-1) ?? 0) + 1e-3)] : rows.t_s,
    value: held(rows.mean, rows.last),
    low: held(rows.min, rows.last),
    high: held(rows.max, rows.last),
  };
}

export const smoothing_s = 30;

const middle = (values: number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

// The median of what lies within half the window to either side. A gap stays one: nothing is drawn where nothing
// was kept, and a window ends at it.
export function smoothed(line: Line, window_s = smoothing_s): Line {
  const value = line.value.map((here, i) => {
    if (here === null) return null;
    const near = [here];
    for (const step of [-1, 1])
      for (let j = i + step; line.value[j] != null && Math.abs(line.t_s[j]! - line.t_s[i]!) <= window_s / 2; j += step) near.push(line.value[j]!);
    return middle(near);
  });
  return { ...line, value };
}

// A gap reaches from the last value to the next one, whatever points other lines have in it.
function widened(column: (number | null | undefined)[]): (number | null | undefined)[] {
  const wide = [...column];
  for (let i = 1; i < wide.length; ++i) if (wide[i] === undefined && wide[i - 1] === null) wide[i] = null;
  for (let i = wide.length - 2; i >= 0; --i) if (wide[i] === undefined && wide[i + 1] === null) wide[i] = null;
  return wide;
}

// Lines on the one time axis that uPlot draws by: where a line has no point of its own there is "undefined", which
// it draws over, and null where the record has a gap.
export function together(lines: Line[]): { t_s: number[]; columns: (number | null | undefined)[][] } {
  const t_s = [...new Set(lines.flatMap((line) => line.t_s))].toSorted((a, b) => a - b);
  const place = new Map(t_s.map((t, i) => [t, i]));
  const columns = lines.flatMap((line) =>
    [line.value, line.low, line.high].map((from) => {
      const column: (number | null | undefined)[] = new Array(t_s.length).fill(undefined);
      line.t_s.forEach((t, i) => (column[place.get(t)!] = from[i]!));
      return widened(column);
    }),
  );
  return { t_s, columns };
}

export type Stretch = [from_s: number, to_s: number];

// Where none of the series has a value though one was due.
export function gapsOf(series: Series[], until_s: number): Stretch[] {
  const gaps = series.map(({ rows }) =>
    rows.t_s.flatMap((t, i): Stretch[] => (rows.n[i] === 0 ? [[t, rows.t_s[i + 1] ?? until_s]] : [])),
  );
  return gaps.reduce(
    (all, one) => all.flatMap(([from, to]) => one.flatMap(([f, t]): Stretch[] => (f < to && t > from ? [[Math.max(f, from), Math.min(t, to)]] : []))),
    gaps[0] ?? [],
  );
}

// What a line is at a time: its own last point then or before; null in a gap.
export function valueAt(t_s: ArrayLike<number>, column: ArrayLike<number | null | undefined>, time_s: number): number | null {
  let from = 0;
  let to = t_s.length; // of the first point after it
  while (from < to) {
    const middle = (from + to) >> 1;
    if (t_s[middle]! <= time_s) from = middle + 1;
    else to = middle;
  }
  let at = to - 1;
  while (at >= 0 && column[at] === undefined) at -= 1;
  return at < 0 ? null : (column[at] ?? null);
}
