// How a reader has arranged the runs page: columns, runs and their colours, as the address holds it.

import { readList, writeList } from "./columns.ts";
import { formatNumber } from "./format.ts";

/** `m.loss:140,p.a:b:90` as pairs; what has no whole number at its end is left out. */
export function readPairs(text: string | undefined): Map<string, number> {
  const pairs = new Map<string, number>();
  for (const one of readList(text)) {
    const at = one.lastIndexOf(":");
    const number = Number(one.slice(at + 1));
    if (at > 0 && at < one.length - 1 && Number.isInteger(number)) pairs.set(one.slice(0, at), number);
  }
  return pairs;
}

export function writePairs(pairs: ReadonlyMap<string, number>): string | undefined {
  return writeList([...pairs].map(([key, number]) => `${key}:${number}`)) || undefined;
}

/** The address's list with `id` in it, or without it. */
export function toggled(text: string | undefined, id: string, on?: boolean): string | undefined {
  const ids = readList(text).filter((one) => one !== id);
  const had = ids.length < readList(text).length;
  return writeList((on ?? !had) ? [...ids, id] : ids) || undefined;
}

/** The address's list and these, each once. */
export const together = (text: string | undefined, ids: readonly string[]): string | undefined =>
  writeList([...new Set([...readList(text), ...ids])]) || undefined;

/** Parts of charts that are in view, by metric: `loss:10:90`, in the unit of the axis. */
export function readZooms(text: string | undefined): Map<string, [number, number]> {
  const zooms = new Map<string, [number, number]>();
  for (const one of readList(text)) {
    const [, key, low, high] = /^(.+):([^:]+):([^:]+)$/s.exec(one) ?? [];
    if (key && Number(low) < Number(high)) zooms.set(key, [Number(low), Number(high)]);
  }
  return zooms;
}

export const writeZooms = (zooms: ReadonlyMap<string, readonly [number, number]>): string | undefined =>
  writeList([...zooms].map(([key, [low, high]]) => `${key}:${short(low)}:${short(high)}`)) || undefined;

/** Milliseconds of a wall time, which is in seconds, are the finest that any axis needs. */
const short = (value: number) => String(Number(value.toPrecision(13)));

/** `id` put where `target` is; those between move up. */
export function moved(ids: readonly string[], id: string, target: string): string[] {
  const from = ids.indexOf(id);
  const to = ids.indexOf(target);
  if (from < 0 || to < 0 || from === to) return [...ids];
  const next = ids.filter((one) => one !== id);
  next.splice(to, 0, id);
  return next;
}

/** Columns that stay at the left come first; within both, the order is kept. */
export function fixedFirst(ids: readonly string[], fixed: readonly string[]): string[] {
  const set = new Set(fixed);
  return [...ids.filter((id) => set.has(id)), ...ids.filter((id) => !set.has(id))];
}

/** How far a value is from the reference's, as a table says it; nothing when they are the same. */
export function delta(value: number | undefined, base: number | undefined): string {
  if (value === undefined || base === undefined || !Number.isFinite(value - base)) return "";
  const difference = value - base;
  const short = Number(difference.toPrecision(2));
  return difference === 0 ? "" : `${difference > 0 ? "+" : ""}${formatNumber(short)}`;
}
