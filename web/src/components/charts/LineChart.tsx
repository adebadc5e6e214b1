// Lines over steps, time or another metric, painted by uPlot: smoothing over the raw line, log axes, zoom by dragging, values under the pointer.

import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { resolveColor } from "../../lib/colors.ts";
import { formatDuration, formatNumber, formatTime } from "../../lib/format.ts";
import { align, type Curve, smooth, type XAxis } from "../../lib/series.ts";
import { useThemeChange } from "./useThemeChange.ts";

export interface Series {
  id: string;
  label: string;
  /** As CSS takes it. */
  color: string;
  curve: Curve;
}

interface Props {
  series: Series[];
  axis: XAxis;
  logX: boolean;
  logY: boolean;
  smoothing: number;
  height: number;
  /** What is in view, in the units of the axis; `undefined` is all. */
  zoom: [number, number] | undefined;
  setZoom: (zoom: [number, number] | undefined) => void;
}

interface Tip {
  left: number;
  top: number;
  x: number;
  lines: { label: string; color: string; value: number }[];
}

const TIP_LINES = 12;
/** The span between lowest and highest is shown for so few lines; of more, the areas would hide each other. */
const BANDS = 6;
/** More lines than this are drawn thinner. */
const CROWD = 15;

export default function LineChart(props: Props) {
  const { series, axis, logX, logY, smoothing, height, zoom, setZoom } = props;
  const box = useRef<HTMLDivElement>(null);
  const [tip, setTip] = useState<Tip>();
  const [theme, setTheme] = useState(0);
  const latest = useRef(setZoom);
  latest.current = setZoom;
  useThemeChange(() => setTheme((count) => count + 1));

  const drawn = useMemo(() => lay(series, smoothing, logX, logY), [series, smoothing, logX, logY]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme paints again
  useEffect(() => {
    const element = box.current;
    if (!element || drawn.data[0].length === 0) return;
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height,
        padding: [10, 6, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
        scales: {
          x: {
            time: axis === "time",
            ...(logX && { distr: 3 as const }),
            range: (_, low, high) => zoom ?? (low === high ? [low - 1, high + 1] : [low, high]),
          },
          y: logY ? { distr: 3 } : {},
        },
        ...look(element, axis, drawn, series),
        hooks: {
          setSelect: [
            (u) => {
              if (u.select.width < 4) return;
              latest.current([
                u.posToVal(u.select.left, "x"),
                u.posToVal(u.select.left + u.select.width, "x"),
              ]);
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
          setCursor: [(u) => setTip(readTip(u, series, drawn.main))],
        },
      },
      drawn.data,
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [drawn, axis, logX, logY, height, zoom, theme]);

  return (
    <div className="chart-area" style={{ minHeight: height }} onMouseLeave={() => setTip(undefined)}>
      {/* The same numbers stand in tables for those who cannot see it. */}
      <div ref={box} aria-hidden="true" onDoubleClick={() => setZoom(undefined)} />
      {tip && tip.lines.length > 0 && (
        <div className="chart-tip" style={place(tip, box.current?.clientWidth ?? 0)}>
          <div className="quiet">{xText(tip.x, axis)}</div>
          {tip.lines.slice(0, TIP_LINES).map((line) => (
            <div className="line" key={line.label}>
              <span className="swatch" style={{ background: line.color }} />
              <span className="truncate">{line.label}</span>
              <span className="num">{formatNumber(line.value)}</span>
            </div>
          ))}
          {tip.lines.length > TIP_LINES && (
            <div className="quiet">and {tip.lines.length - TIP_LINES} more</div>
          )}
        </div>
      )}
    </div>
  );
}

function xText(x: number, axis: XAxis): string {
  if (axis === "step") return `step ${x}`;
  if (axis === "time") return formatTime(x * 1000);
  return axis === "relative" ? formatDuration(x * 1000) : `${axis.slice(2)} ${formatNumber(x)}`;
}

interface Drawn {
  data: uPlot.AlignedData;
  /** What each of the data's rows behind the first is. */
  rows: { of: number; role: "line" | "raw" | "low" | "high" }[];
  /** Where the line of each series stands among the data. */
  main: number[];
}

/** The rows of the chart: areas first, then raw lines, then the lines themselves, so that these lie on top. */
function lay(series: Series[], smoothing: number, logX: boolean, logY: boolean): Drawn {
  const curves = series.map((one) => (logX ? positiveX(one.curve) : one.curve));
  const { xs, placed } = align(curves);
  const rows: Drawn["rows"] = [];
  const data: (number | null)[][] = [];
  const add = (of: number, role: Drawn["rows"][number]["role"], values: (number | null)[]) => {
    rows.push({ of, role });
    data.push(logY ? positive(values) : values);
  };
  placed.forEach(({ lows, highs }, of) => {
    if (!lows || !highs || placed.length > BANDS) return;
    add(of, "high", highs);
    add(of, "low", lows);
  });
  if (smoothing > 0) {
    placed.forEach(({ ys }, of) => {
      add(of, "raw", ys);
    });
  }
  const main = placed.map(({ ys }, of) => {
    add(of, "line", smooth(ys, smoothing));
    return data.length;
  });
  return { data: [xs, ...data] as uPlot.AlignedData, rows, main };
}

/** A log axis has no place for zero and below. */
const positive = (values: (number | null)[]) =>
  values.map((value) => (value !== null && value > 0 ? value : null));

function positiveX({ xs, ys, lows, highs }: Curve): Curve {
  const keep = <T,>(values: T[]) => values.filter((_, at) => (xs[at] ?? 0) > 0);
  return { xs: keep(xs), ys: keep(ys), lows: lows && keep(lows), highs: highs && keep(highs) };
}

function look(element: HTMLElement, axis: XAxis, drawn: Drawn, series: Series[]) {
  const colors = series.map((one) => resolveColor(one.color, element));
  const style = (name: string) => resolveColor(`var(${name})`, element);
  const sparse = drawn.data[0].length < 60 && series.length <= CROWD;
  const axes = { stroke: style("--ink-3"), font: `11px ${getComputedStyle(element).fontFamily}` };
  const grid = { stroke: style("--line"), width: 1 };
  const lines = drawn.rows.map(({ of, role }): uPlot.Series => {
    const color = colors[of] ?? "";
    if (role === "low" || role === "high") return { width: 0, points: { show: false }, spanGaps: true };
    const raw = role === "raw";
    const alone = !raw && sparse && !drawn.rows.some((row) => row.role === "raw");
    return {
      stroke: raw ? faded(color, 0.28) : color,
      width: raw ? 1 : series.length > CROWD ? 1.1 : 1.6,
      spanGaps: true,
      points: { show: alone, size: 5 },
    };
  });
  const bands = drawn.rows.flatMap(({ of, role }, index) =>
    role === "high"
      ? [{ series: [index + 1, index + 2] as [number, number], fill: faded(colors[of] ?? "", 0.14) }]
      : [],
  );
  return {
    series: [{}, ...lines],
    bands,
    axes: [
      {
        ...axes,
        grid: { show: false },
        ticks: grid,
        size: 30,
        ...(axis === "relative" && {
          values: (_: uPlot, ticks: number[]) => ticks.map((tick) => formatDuration(tick * 1000)),
        }),
      },
      {
        ...axes,
        grid,
        ticks: { show: false },
        size: 54,
        values: (_: uPlot, ticks: number[]) => ticks.map((tick) => (tick === null ? "" : formatNumber(tick))),
      },
    ],
  };
}

function faded(color: string, share: number): string {
  return color.replace(/^rgb\((.*)\)$/, `rgba($1, ${share})`);
}

/** The values at the pointer; of a line without a point there, its nearest one. */
function readTip(u: uPlot, series: Series[], main: number[]): Tip | undefined {
  const { idx, left = -1, top = 0 } = u.cursor;
  if (idx === null || idx === undefined || left < 0) return undefined;
  const lines = series.flatMap((one, index) => {
    const values = u.data[main[index] ?? 0];
    const value = values && nearest(values as (number | null)[], idx);
    return value === undefined ? [] : [{ label: one.label, color: one.color, value }];
  });
  lines.sort((a, b) => b.value - a.value);
  return { left: left + u.bbox.left / devicePixelRatio, top, x: u.data[0][idx] ?? 0, lines };
}

function nearest(values: readonly (number | null)[], at: number): number | undefined {
  const reach = Math.ceil(values.length / 40);
  for (let away = 0; away <= reach; away += 1) {
    const value = values[at - away] ?? values[at + away];
    if (value !== null && value !== undefined) return value;
  }
  return undefined;
}

function place(tip: Tip, width: number): React.CSSProperties {
  const top = Math.max(0, tip.top - 10);
  return tip.left > width / 2 ? { top, right: width - tip.left + 14 } : { top, left: tip.left + 14 };
}
