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
  const curve: Curve = { xs: [], ys: pick(history.values) };
  if (history.lows && history.highs) {
    curve.lows = pick(history.lows);
    curve.highs = pick(history.highs);
  }
  if (axis.startsWith("m.")) return folded(ordered(curve, placesAcross(history, across)));
  // uPlot counts time in seconds.
  curve.xs = axis === "step" ? [...history.xs] : history.xs.map((x) => x / 1000);
  return folded(curve);
}

const finite = (value: number | undefined) => (Number.isFinite(value) ? (value as number) : null);

/** What the other metric had last at each step. */
function placesAcross(history: History, across: History): number[] {
  let at = -1;
  return history.xs.map((step) => {
    while (at + 1 < across.xs.length && (across.xs[at + 1] ?? 0) <= step) at += 1;
    return across.values[at] ?? Number.NaN;
  });
}

/** The curve at other places, which need not ascend; points without a place are left out. */
function ordered(curve: Curve, xs: readonly number[]): Curve {
  const order = xs.flatMap((x, index) => (Number.isFinite(x) ? [index] : []));
  order.sort((a, b) => (xs[a] ?? 0) - (xs[b] ?? 0));
  const pick = (values: (number | null)[]) => order.map((index) => values[index] ?? null);
  return {
    xs: order.map((index) => xs[index] ?? 0),
    ys: pick(curve.ys),
    ...(curve.lows && curve.highs && { lows: pick(curve.lows), highs: pick(curve.highs) }),
  };
}

/**
 * One point for each x: the mean of those that share it, and the lowest and highest of them. A metric may be logged
 * several times at one step, and what is no step need not be different for each point.
 */
function folded(curve: Curve): Curve {
  if (curve.xs.every((x, at) => at === 0 || x !== curve.xs[at - 1])) return curve;
  const xs = [...new Set(curve.xs)];
  const index = new Map(xs.map((x, at) => [x, at]));
  const at = curve.xs.map((x) => index.get(x) ?? 0);
  return { xs, ...gather(curve, at, xs.length) };
}

type Values = Pick<Curve, "ys" | "lows" | "highs">;

/** The curve's points at `size` places, `at[i]` being that of the i-th: means, and their bounds where points share one. */
function gather({ ys, lows, highs }: Curve, at: readonly number[], size: number): Values {
  const sums = new Array<number>(size).fill(0);
  const counts = new Array<number>(size).fill(0);
  const [low, high] = [new Array<number | null>(size).fill(null), new Array<number | null>(size).fill(null)];
  let shared = false;
  at.forEach((to, from) => {
    const value = ys[from] ?? null;
    if (value === null) return;
    shared = shared || counts[to] !== 0;
    sums[to] = (sums[to] ?? 0) + value;
    counts[to] = (counts[to] ?? 0) + 1;
    low[to] = Math.min(low[to] ?? Number.POSITIVE_INFINITY, lows?.[from] ?? value);
    high[to] = Math.max(high[to] ?? Number.NEGATIVE_INFINITY, highs?.[from] ?? value);
  });
  const means = sums.map((sum, to) => (counts[to] ? sum / (counts[to] ?? 1) : null));
  return { ys: means, ...((shared || lows) && { lows: low, highs: high }) };
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

/** One sorted x for all curves, and in their order each one's values, or nothing, at each of them: what uPlot draws. */
export function align(curves: readonly Curve[]): { xs: number[]; placed: Values[] } {
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
  const placed = curves.map((curve) => {
    const at = curve.xs.map((x) => index.get(place(x)) ?? 0);
    return gather(curve, at, xs.length);
  });
  return { xs, placed };
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
