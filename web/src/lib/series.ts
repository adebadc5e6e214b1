// Histories of metrics as charts draw them: their x, smoothing, one x for several runs, the path of a sparkline.

/** One metric of one run, thinned where it is long; place by place. */
export interface History {
  /** Steps, or milliseconds since 1970 or since the run started; ascending. */
  xs: readonly number[];
  values: readonly number[];
  /** Where several points were made one: the lowest and the highest of them. */
  lows?: readonly number[];
  highs?: readonly number[];
}

const NONE: History = { xs: [], values: [] };

/** `m.` and a key: another metric, at the same steps. */
export type XAxis = "step" | "relative" | "time" | `m.${string}`;

export function readAxis(text: string | undefined): XAxis {
  if (text === "time" || text === "relative") return text;
  return text?.startsWith("m.") && text.length > 2 ? (text as XAxis) : "step";
}

/** What is drawn of a run: ascending x, and the values there. */
export interface Curve {
  xs: number[];
  ys: (number | null)[];
  lows?: (number | null)[];
  highs?: (number | null)[];
}

/** `across` is the history over steps of the metric that the axis names. */
export function curveOf(history: History, axis: XAxis, across = NONE): Curve {
  const pick = (values: readonly number[]) => values.map(finite);
  if (axis.startsWith("m.")) return curveAcross(history, across);
  // uPlot counts time in seconds.
  const xs = axis === "step" ? [...history.xs] : history.xs.map((x) => x / 1000);
  const curve: Curve = { xs, ys: pick(history.values) };
  if (history.lows && history.highs) {
    curve.lows = pick(history.lows);
    curve.highs = pick(history.highs);
  }
  return curve;
}

const finite = (value: number | undefined) => (Number.isFinite(value) ? (value as number) : null);

/** Over what the other metric had last at each step; that need not ascend, so the points are put in its order. */
function curveAcross(history: History, across: History): Curve {
  let at = -1;
  const points = history.xs.flatMap((step, index) => {
    while (at + 1 < across.xs.length && (across.xs[at + 1] ?? 0) <= step) at += 1;
    const x = across.values[at] ?? Number.NaN;
    return Number.isFinite(x) ? [{ x, y: finite(history.values[index]) }] : [];
  });
  points.sort((a, b) => a.x - b.x);
  return { xs: points.map(({ x }) => x), ys: points.map(({ y }) => y) };
}

/** The part of the axis that is in view, as the server takes it. */
export function rangeOf(
  zoom: readonly [number, number] | undefined,
  axis: XAxis,
): [number, number] | undefined {
  if (!zoom || axis.startsWith("m.")) return undefined;
  const unit = axis === "step" ? 1 : 1000;
  return [Math.floor(zoom[0] * unit), Math.ceil(zoom[1] * unit)];
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

/** More x than this are drawn at as many: about two a pixel. */
const MOST_XS = 2000;

/** One sorted x for all curves, and each curve's value or nothing at each of them: what uPlot draws. */
export function align(curves: readonly Curve[]): {
  xs: number[];
  rows: Map<(number | null)[], (number | null)[]>;
} {
  const all = new Set<number>();
  for (const { xs } of curves) for (const x of xs) all.add(x);
  let place = (x: number) => x;
  if (all.size > MOST_XS) {
    const [low, high] = extent(all);
    const width = (high - low) / MOST_XS;
    place = (x) => low + Math.round((x - low) / width) * width;
  }
  const xs = [...(all.size > MOST_XS ? new Set([...all].map(place)) : all)].sort((a, b) => a - b);
  const index = new Map(xs.map((x, at) => [x, at]));
  const rows = new Map<(number | null)[], (number | null)[]>();
  for (const curve of curves) {
    const at = curve.xs.map((x) => index.get(place(x)) ?? 0);
    for (const values of [curve.ys, curve.lows, curve.highs]) {
      if (!values) continue;
      const row = new Array<number | null>(xs.length).fill(null);
      at.forEach((target, from) => {
        row[target] = values[from] ?? null;
      });
      rows.set(values, row);
    }
  }
  return { xs, rows };
}

export function extent(values: Iterable<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Keys by what stands before their first `/`, in the order of the alphabet; those that are alone with theirs come first. */
export function byPrefix(keys: readonly string[]): [prefix: string, keys: string[]][] {
  const prefixOf = (key: string) => (key.includes("/") ? key.slice(0, key.indexOf("/")) : "");
  const sizes = new Map<string, number>();
  for (const key of keys) sizes.set(prefixOf(key), (sizes.get(prefixOf(key)) ?? 0) + 1);
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const prefix = (sizes.get(prefixOf(key)) ?? 0) > 1 ? prefixOf(key) : "";
    groups.set(prefix, [...(groups.get(prefix) ?? []), key]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b, "en"));
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
