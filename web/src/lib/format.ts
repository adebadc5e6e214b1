// Numbers, times, sizes and spans as people read them.

/** Four significant digits, and the exact number where that is as short. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "∞";
  if (value === Number.NEGATIVE_INFINITY) return "−∞";
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return minus(String(value));
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return minus(value.toExponential(3).replace(/\.?0+e/, "e"));
  return minus(String(Number(value.toPrecision(size >= 1000 ? 6 : 4))));
}

/** As wide as its neighbours in a column: fractions keep their zeros. */
export function formatCell(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || !Number.isFinite(value) || size < 1e-4 || size >= 1000)
    return formatNumber(value);
  return minus(value.toPrecision(4));
}

/** A real minus sign is as wide as a digit. */
const minus = (text: string) => text.replace(/^-/, "−");

const UNITS = ["bytes", "KB", "MB", "GB", "TB"];

export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds) % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const STEPS: [number, Intl.RelativeTimeFormatUnit][] = [
  [60, "second"],
  [60, "minute"],
  [24, "hour"],
  [30.44, "day"],
  [12, "month"],
  [Number.POSITIVE_INFINITY, "year"],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** How long ago, as of `now`. */
export function formatAgo(time: number, now: number): string {
  let span = (time - now) / 1000;
  if (Math.abs(span) < 10) return "just now";
  for (const [size, unit] of STEPS) {
    if (Math.abs(span) < size - 0.5) return relative.format(Math.round(span), unit);
    span /= size;
  }
  return "";
}

const full = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

export const formatTime = (time: number): string => full.format(time);

export const plural = (count: number, noun: string, many = `${noun}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? noun : many}`;
