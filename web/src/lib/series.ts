// Histories of metrics as charts draw them: smoothing, a common x for several runs, the path of a sparkline.

import type { Point } from "../api/mlflow.ts";

export type XAxis = "step" | "relative" | "time";

export function xOf(point: Point, axis: XAxis, startedAt: number): number {
  if (axis === "step") return point.step;
  return axis === "time" ? point.timestamp / 1000 : (point.timestamp - startedAt) / 1000;
}

/**
 * An exponential mean whose first values are not pulled to zero. `weight` in [0, 1); what is not a number is left
 * out of it and stays where it was.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  let last = 0;
  let count = 0;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return value;
    last = last * weight + (1 - weight) * value;
    count += 1;
    return last / (1 - weight ** count);
  });
}

export interface Line {
  points: readonly Point[];
  startedAt: number;
}

/** One sorted x for all lines, and each line's value or nothing at each of them: what uPlot draws. */
export function align(lines: readonly Line[], axis: XAxis): { xs: number[]; ys: (number | null)[][] } {
  const all = new Set<number>();
  const maps = lines.map(({ points, startedAt }) => {
    const values = new Map<number, number | null>();
    for (const point of points) {
      const x = xOf(point, axis, startedAt);
      all.add(x);
      values.set(x, Number.isFinite(point.value) ? point.value : null);
    }
    return values;
  });
  const xs = [...all].sort((a, b) => a - b);
  return { xs, ys: maps.map((values) => xs.map((x) => values.get(x) ?? null)) };
}

/** An SVG path through the values, in a box of that size; breaks where a value is no number. */
export function sparkPath(values: readonly number[], width: number, height: number): string {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return "";
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low;
  const gap = values.length > 1 ? width / (values.length - 1) : 0;
  let path = "";
  let pen = "M";
  values.forEach((value, index) => {
    if (!Number.isFinite(value)) {
      pen = "M";
      return;
    }
    const y = span === 0 ? height / 2 : height - ((value - low) / span) * height;
    path += `${pen}${(index * gap).toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
  });
  // A single point would have no length, and so no ink.
  return finite.length === 1 ? `${path}h0.01` : path;
}
