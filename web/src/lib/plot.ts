// Axes of scatter and parallel coordinates: where a value stands between 0 and 1, and what a brushed part of an axis means.

import type { Mark, Marks } from "./brush.ts";
import { type Column, column, metric, type RunRow, text } from "./columns.ts";
import { formatNumber } from "./format.ts";

export type Axis =
  | { column: Column; kind: "number"; low: number; high: number; texts: Map<number, string[]> | undefined }
  | { column: Column; kind: "text"; values: string[] };

/** Of more different texts an axis would be a smear. */
const MOST_TEXTS = 40;

/** The number that a run has in a column; params count when they are written as one. */
export function numberOf(run: RunRow, one: Column): number | undefined {
  if (one.kind === "metric") return metric(run, one);
  if (one.id === "a.started") return run.startedAt;
  const written = text(run, one);
  return written === "" ? undefined : Number(written);
}

/** The axis of a column for these runs; nothing when they have no values there, or too many different texts. */
export function axisOf(one: Column, runs: readonly RunRow[]): Axis | undefined {
  const numbers: number[] = [];
  const texts = new Map<number, Set<string>>();
  let plain = true;
  for (const run of runs) {
    const written = text(run, one);
    if (written === "") continue;
    const value = numberOf(run, one);
    if (value === undefined || !Number.isFinite(value)) {
      // A metric's NaN has no place; a word makes words of all.
      plain = plain && one.kind === "metric";
      continue;
    }
    numbers.push(value);
    texts.set(value, (texts.get(value) ?? new Set()).add(written));
  }
  if (plain && numbers.length > 0) {
    const low = numbers.reduce((a, b) => Math.min(a, b));
    const high = numbers.reduce((a, b) => Math.max(a, b));
    const spellings =
      one.kind === "param" || one.kind === "tag"
        ? new Map([...texts].map(([value, written]) => [value, [...written]]))
        : undefined;
    return { column: one, kind: "number", low, high, texts: spellings };
  }
  const values = [...new Set(runs.map((run) => text(run, one)))].filter((value) => value !== "");
  if (values.length === 0 || values.length > MOST_TEXTS) return undefined;
  return {
    column: one,
    kind: "text",
    values: values.sort((a, b) => a.localeCompare(b, "en", { numeric: true })),
  };
}

/** From 0 at the low end to 1; nothing where the run has no value. */
export function position(axis: Axis, run: RunRow): number | undefined {
  if (axis.kind === "text") {
    const at = axis.values.indexOf(text(run, axis.column));
    return at < 0 ? undefined : axis.values.length === 1 ? 0.5 : at / (axis.values.length - 1);
  }
  const value = numberOf(run, axis.column);
  if (value === undefined || !Number.isFinite(value)) return undefined;
  return axis.high === axis.low ? 0.5 : (value - axis.low) / (axis.high - axis.low);
}

/** What the part of an axis between two places means: a range, or the values that lie in it. */
export function markOf(axis: Axis, from: number, to: number): Mark | undefined {
  const [low, high] = from < to ? [from, to] : [to, from];
  if (axis.kind === "text") {
    const last = Math.max(1, axis.values.length - 1);
    const values = axis.values.filter((_, at) => {
      const place = axis.values.length === 1 ? 0.5 : at / last;
      return place >= low && place <= high;
    });
    return values.length > 0 ? { values } : undefined;
  }
  const span = axis.high - axis.low;
  const range = { low: axis.low + low * span, high: axis.low + high * span };
  if (!axis.texts) return range;
  // The server compares params as texts, so that a range of numbers is the list of how they are written.
  const values = [...axis.texts]
    .filter(([value]) => value >= range.low && value <= range.high)
    .flatMap(([, all]) => all);
  return values.length > 0 ? { values } : undefined;
}

/** Where a mark lies on its axis. */
export function placeOf(axis: Axis, mark: Mark): [number, number] | undefined {
  const at = (share: number) => Math.min(1, Math.max(0, share));
  if (!("values" in mark)) {
    if (axis.kind === "text") return undefined;
    const span = axis.high - axis.low || 1;
    return [at((mark.low - axis.low) / span), at((mark.high - axis.low) / span)];
  }
  const places = mark.values.flatMap((value) => {
    if (axis.kind === "number") {
      const number = Number(value);
      return Number.isFinite(number) ? [at((number - axis.low) / (axis.high - axis.low || 1))] : [];
    }
    const index = axis.values.indexOf(value);
    return index < 0 ? [] : [axis.values.length === 1 ? 0.5 : index / (axis.values.length - 1)];
  });
  if (places.length === 0) return undefined;
  return [Math.min(...places), Math.max(...places)];
}

/** Whether a run lies in all marks. */
export function matches(run: RunRow, marks: Marks): boolean {
  for (const [id, mark] of marks) {
    const one = column(id);
    if (!one) continue;
    if ("values" in mark) {
      if (!mark.values.includes(text(run, one))) return false;
    } else {
      const value = numberOf(run, one);
      if (value === undefined || !(value >= mark.low && value <= mark.high)) return false;
    }
  }
  return true;
}

/** A few places and what stands beside them. */
export function ticks(axis: Axis, most: number): { at: number; label: string }[] {
  if (axis.kind === "text") {
    const last = axis.values.length - 1;
    const every = Math.max(1, Math.ceil(axis.values.length / most));
    return axis.values.flatMap((label, index) =>
      index % every === 0 ? [{ at: last === 0 ? 0.5 : index / last, label }] : [],
    );
  }
  if (axis.low === axis.high) return [{ at: 0.5, label: tickText(axis, axis.low) }];
  return Array.from({ length: most }, (_, index) => {
    const at = index / (most - 1);
    return { at, label: tickText(axis, axis.low + at * (axis.high - axis.low)) };
  });
}

function tickText(axis: Axis, value: number): string {
  return axis.column.id === "a.started" ? new Date(value).toISOString().slice(0, 10) : formatNumber(value);
}

/** Columns that tell something about these runs: params that differ, then the metric that matters and one more. */
export function usualAxes(
  columns: readonly Column[],
  runs: readonly RunRow[],
  sorted: string | undefined,
): string[] {
  const telling = (one: Column) => new Set(runs.map((run) => text(run, one))).size > 1;
  const params = columns
    .filter((one) => one.kind === "param" && telling(one) && axisOf(one, runs))
    .slice(0, 5);
  const metrics = columns.filter((one) => one.kind === "metric" && one.stat === "last" && telling(one));
  const chosen = metrics.filter((one) => one.id === sorted);
  const rest = metrics.filter((one) => one.id !== sorted).slice(0, chosen.length > 0 ? 1 : 2);
  return [...params, ...rest, ...chosen].map((one) => one.id);
}
