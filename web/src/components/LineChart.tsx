// Lines over steps or time, painted by uPlot: smoothing over the raw line, log axis, zoom by dragging, values under the pointer.

import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { resolveColor } from "../lib/colors.ts";
import { formatDuration, formatNumber, formatTime } from "../lib/format.ts";
import { align, type Line, smooth, type XAxis } from "../lib/series.ts";

export interface Series extends Line {
  id: string;
  label: string;
  /** As CSS takes it. */
  color: string;
}

interface Props {
  series: Series[];
  axis: XAxis;
  log: boolean;
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

export default function LineChart({ series, axis, log, smoothing, height, zoom, setZoom }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [tip, setTip] = useState<Tip>();
  const [theme, setTheme] = useState(0);
  const latest = useRef(setZoom);
  latest.current = setZoom;
  useThemeChange(() => setTheme((count) => count + 1));

  const { xs, ys } = useMemo(() => align(series, axis), [series, axis]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme paints again
  useEffect(() => {
    const element = box.current;
    if (!element || xs.length === 0) return;
    const colors = series.map((one) => resolveColor(one.color, element));
    const style = (name: string) => resolveColor(`var(${name})`, element);
    const smoothed = smoothing > 0 ? ys.map((values) => smooth(values, smoothing)) : [];
    const sparse = xs.length < 60;
    const lineOf = (index: number, faint: boolean): uPlot.Series => ({
      stroke: faint ? faded(colors[index] ?? "") : colors[index],
      width: faint ? 1 : 1.6,
      spanGaps: true,
      points: { show: !faint && sparse && smoothing === 0, size: 5 },
    });
    const axes = { stroke: style("--ink-3"), font: `11px ${getComputedStyle(element).fontFamily}` };
    const grid = { stroke: style("--line"), width: 1 };
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
            range: (_, low, high) => zoom ?? (low === high ? [low - 1, high + 1] : [low, high]),
          },
          y: log ? { distr: 3 } : {},
        },
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
            values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : formatNumber(tick))),
          },
        ],
        series: [
          {},
          ...series.map((_, index) => lineOf(index, smoothing > 0)),
          ...smoothed.map((_, index) => lineOf(index, false)),
        ],
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
          setCursor: [(u) => setTip(readTip(u, series, smoothed.length > 0 ? series.length : 0))],
        },
      },
      [xs, ...positive(ys, log), ...positive(smoothed, log)] as uPlot.AlignedData,
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [xs, ys, series, axis, log, smoothing, height, zoom, theme]);

  const x =
    tip &&
    (axis === "step"
      ? `step ${tip.x}`
      : axis === "time"
        ? formatTime(tip.x * 1000)
        : formatDuration(tip.x * 1000));
  return (
    <div className="chart-area" style={{ minHeight: height }} onMouseLeave={() => setTip(undefined)}>
      {/* The same numbers stand in tables for those who cannot see it. */}
      <div ref={box} aria-hidden="true" onDoubleClick={() => setZoom(undefined)} />
      {tip && tip.lines.length > 0 && (
        <div className="chart-tip" style={place(tip, box.current?.clientWidth ?? 0)}>
          <div className="quiet">{x}</div>
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

/** A log axis has no place for zero and below. */
function positive(ys: (number | null)[][], log: boolean): (number | null)[][] {
  return log ? ys.map((values) => values.map((value) => (value !== null && value > 0 ? value : null))) : ys;
}

function faded(color: string): string {
  return color.replace(/^rgb\((.*)\)$/, "rgba($1, 0.28)");
}

/** The values at the pointer; of a line without a point there, its nearest one. */
function readTip(u: uPlot, series: Series[], skip: number): Tip | undefined {
  const { idx, left = -1, top = 0 } = u.cursor;
  if (idx === null || idx === undefined || left < 0) return undefined;
  const lines = series.flatMap((one, index) => {
    const values = u.data[1 + skip + index];
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

function useThemeChange(changed: () => void): void {
  const latest = useRef(changed);
  latest.current = changed;
  useEffect(() => {
    const tell = () => latest.current();
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", tell);
    window.addEventListener("weir:theme", tell);
    return () => {
      system.removeEventListener("change", tell);
      window.removeEventListener("weir:theme", tell);
    };
  }, []);
}
