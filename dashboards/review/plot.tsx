// SPDX-License-Identifier: Apache-2.0
// One small plot: lines with their lowest and highest as a band, gaps as gaps, marks as upright lines, and the same
// numbers as a table. All plots of a session share cursor and time.
import { options } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import type { Series } from "./api";
import type { Desk } from "./app";
import { gapsOf, type Line, type PlotKind, rawLine, smoothed, type Stretch, together, valueAt } from "./curves";
import { Scroll } from "../shared/desk";
import { Numbers } from "./numbers";
import { clockOf, rounded, type Word } from "./text";

export interface Upright {
  t_s: number;
  kind: "phase" | "stop" | "person";
}
export interface Window {
  from_s: number;
  to_s: number;
}
export interface Band {
  low: number;
  high: number;
}

interface Props {
  desk: Desk;
  kind: PlotKind;
  series: Series[];
  window: Window;
  smooth: boolean;
  uprights: Upright[];
  band?: Band | undefined;
  until_s: number; // of the answer that the series are from
  zoomed: (window: Window) => void;
}

const height = 130;
const axisWidth = 56;
const dashes: (number[] | undefined)[] = [undefined, [6, 4], [2, 3], [10, 3, 2, 3]];
const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const lineColours = ["--line-1", "--line-2", "--line-3", "--line-4"];

// Slanted lines, so that nobody takes a gap for calm.
function hatch(plot: uPlot, gaps: Stretch[]) {
  const { ctx } = plot;
  const { top, height } = plot.bbox;
  ctx.strokeStyle = colour("--line");
  ctx.lineWidth = 1;
  for (const [from_s, to_s] of gaps) {
    const from = plot.valToPos(from_s, "x", true);
    const to = Math.max(from + 2, plot.valToPos(to_s, "x", true));
    ctx.save();
    ctx.beginPath();
    ctx.rect(from, top, to - from, height);
    ctx.clip();
    ctx.beginPath();
    for (let x = from - height; x < to; x += 8) {
      ctx.moveTo(x, top + height);
      ctx.lineTo(x + height, top);
    }
    ctx.stroke();
    ctx.restore();
  }
}

function drawMarks(plot: uPlot, uprights: Upright[], band: Band | undefined, gaps: Stretch[]) {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  if (band) {
    const from = plot.valToPos(band.high, "y", true);
    ctx.fillStyle = colour("--band");
    ctx.fillRect(left, from, width, plot.valToPos(band.low, "y", true) - from);
  }
  hatch(plot, gaps);
  for (const { t_s, kind } of uprights) {
    ctx.strokeStyle = colour(kind === "stop" ? "--mark-stop" : kind === "phase" ? "--mark-phase" : "--mark-person");
    ctx.setLineDash(kind === "phase" ? [3, 4] : []);
    ctx.lineWidth = kind === "stop" ? 3 : 1.5;
    const x = Math.round(plot.valToPos(t_s, "x", true));
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
  }
  ctx.restore();
}

// The numbers under the cursor, beside their lines; nothing is drawn anew for it.
function tellCursor(plot: uPlot, { kind, desk, series }: Props, told: HTMLElement | null) {
  const { left } = plot.cursor;
  const time_s = left == null || left < 0 ? null : plot.posToVal(left, "x");
  const texts = series.map((_, i) => {
    const value = time_s === null ? null : valueAt(plot.data[0], plot.data[3 * i + 1]!, time_s);
    return value === null ? "" : rounded(value, kind.digits, desk.language)!;
  });
  told?.querySelectorAll("b").forEach((one, i) => (one.textContent = texts[i] ?? ""));
}

function optionsOf(props: Props, lines: Line[], width: number, current: { props: Props; told: HTMLElement | null }): uPlot.Options {
  const { kind, series, desk } = props;
  const gaps = kind.line ? [] : gapsOf(series, props.until_s);
  const ink = colour("--soft");
  const grid = { stroke: colour("--grid"), width: 1 };
  const font = "13px system-ui, sans-serif";
  return {
    width,
    height,
    legend: { show: false },
    cursor: { sync: { key: "session" }, drag: { x: true, y: false }, focus: { prox: 30 } },
    scales: {
      x: { time: false, range: () => [current.props.window.from_s, current.props.window.to_s] },
      y: kind.range ? { range: kind.range } : { range: (_, low, high) => uPlot.rangeNum(low ?? 0, high ?? 1, { min: { pad: 0.1 }, max: { pad: 0.1 } }) },
    },
    axes: [
      { stroke: ink, grid, ticks: grid, font, size: 26, values: (_, at) => at.map(clockOf) },
      { stroke: ink, grid, ticks: grid, font, size: axisWidth, values: (_, at) => at.map((one) => rounded(one, Number.isInteger(one) ? 0 : kind.digits, desk.language)) },
    ],
    series: [
      {},
      ...lines.flatMap((_, i) => {
        const stroke = colour(lineColours[i % lineColours.length]!);
        const dash = dashes[Math.floor(i / lineColours.length) % dashes.length];
        const paths = series[i]!.step ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {};
        const shared = { ...paths, points: { show: false } };
        return [
          { ...shared, stroke, width: 1.5, ...(dash ? { dash } : {}), points: { show: lines[i]!.t_s.length < 3 } },
          { ...shared, stroke: "transparent", width: 0 },
          { ...shared, stroke: "transparent", width: 0 },
        ];
      }),
    ],
    bands: lines.flatMap((_, i) => (series[i]!.step ? [] : [{ series: [3 * i + 3, 3 * i + 2] as [number, number], fill: colour(`${lineColours[i % lineColours.length]!}-band`) }])),
    hooks: {
      drawClear: [(plot) => drawMarks(plot, current.props.uprights, current.props.band, gaps)],
      setCursor: [(plot) => tellCursor(plot, current.props, current.told)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 8) return;
          current.props.zoomed({ from_s: plot.posToVal(left, "x"), to_s: plot.posToVal(left + width, "x") });
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

const title = (desk: Desk, kind: PlotKind, one: Series) => {
  const word: Word | undefined = kind.line?.[kind.names.indexOf(one.name)];
  return [one.device ?? "", word ? desk.say(word) : ""].filter(Boolean).join(" ");
};

// What is changed is drawn before this returns: printing waits for nothing.
function atOnce(change: () => void) {
  const usual = options.debounceRendering;
  options.debounceRendering = (draw) => draw();
  change();
  if (usual) options.debounceRendering = usual;
  else delete options.debounceRendering;
}

// True once it is on the screen, or nearly, or to be printed: what nobody looks at yet need not be drawn.
function useSeen(box: { current: HTMLElement | null }): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !box.current) return;
    const look = () => atOnce(() => setSeen(true));
    const watch = new IntersectionObserver((all) => all.some((one) => one.isIntersecting) && look(), { rootMargin: "200px" });
    watch.observe(box.current);
    addEventListener("beforeprint", look);
    return () => {
      watch.disconnect();
      removeEventListener("beforeprint", look);
    };
  }, [seen]);
  return seen;
}

export function Plot(props: Props) {
  const { desk, kind, series, smooth, window, uprights, band } = props;
  const { say } = desk;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const current = useRef({ props, told: null as HTMLElement | null });
  current.current.props = props;
  const [tabled, setTabled] = useState(false);
  const [themes, setThemes] = useState(0);
  const frame = useRef<HTMLElement>(null);
  const seen = useSeen(frame);

  useEffect(() => {
    const changed = () => setThemes((n) => n + 1);
    addEventListener("theme", changed);
    return () => removeEventListener("theme", changed);
  }, []);
  useLayoutEffect(() => {
    if (!seen || !box.current || series.length === 0) return;
    const lines = series.map((one) => rawLine(one, kind.scale, props.until_s)).map((line) => (smooth ? smoothed(line) : line));
    const { t_s, columns } = together(lines);
    const width = () => Math.max(320, box.current?.clientWidth ?? 0);
    const drawn = new uPlot(optionsOf(props, lines, width(), current.current), [t_s, ...columns] as uPlot.AlignedData, box.current);
    plot.current = drawn;
    const sized = new ResizeObserver(() => drawn.setSize({ width: width(), height }));
    sized.observe(box.current);
    return () => {
      sized.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [series, smooth, themes, seen]);
  useEffect(() => {
    plot.current?.setScale("x", { min: window.from_s, max: window.to_s });
    plot.current?.redraw(false);
  }, [window, uprights, band]);

  return (
    <section class="plot" data-plot={kind.id} ref={frame}>
      <h3>
        {say(kind.title)} <small>{kind.unit}</small>
      </h3>
      <ul class="legend" ref={(told) => { current.current.told = told; }}>
        {series.map((one, i) => (
          <li key={one.name + one.device}>
            <i data-line={(i % lineColours.length) + 1} data-dash={Math.floor(i / lineColours.length)}></i>
            {title(desk, kind, one)} <b></b>
            <span>{one.valid_share === null ? "" : say("valid_of", { n: Math.round(one.valid_share * 100) })}</span>
          </li>
        ))}
        {series.length > 0 && (
          <li>
            <button type="button" class="quiet" aria-expanded={tabled} onClick={() => setTabled(!tabled)}>
              {say("as_table")}
            </button>
          </li>
        )}
      </ul>
      {series.length === 0 ? <p class="empty">{say("nothing_kept")}</p> : <div ref={box} class="drawn" role="img" aria-label={say(kind.title)}></div>}
      {tabled && (
        <Scroll label={say("as_table")}>
          {series.map((one) => (
            <Numbers key={one.name + one.device} desk={desk} caption={`${title(desk, kind, one)} (${kind.unit})`} rows={one.rows} digits={kind.digits} scale={kind.scale} />
          ))}
        </Scroll>
      )}
    </section>
  );
}
