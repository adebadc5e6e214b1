// What the reader has marked in scatter and parallel coordinates: ranges of metrics and values of params, as a filter.

import { column, readList, writeList } from "./columns.ts";
import { isQuotable, quoteKey, quoteValue } from "./filter.ts";
import { formatNumber } from "./format.ts";

/** Of a metric or time what lies between; of texts those. */
export type Mark = { low: number; high: number } | { values: string[] };

/** By column. */
export type Marks = ReadonlyMap<string, Mark>;

/** `m.loss:0.1:0.5` and `p.depth=3=4` in the address. */
export function readMarks(text: string | undefined): Marks {
  const marks = new Map<string, Mark>();
  for (const one of readList(text)) {
    const range = /^(.+):([^:]+):([^:]+)$/.exec(one);
    const [id = "", ...values] = one.split("=").map(decode);
    if (range?.[1] && column(range[1])) {
      const [low, high] = [Number(range[2]), Number(range[3])];
      if (Number.isFinite(low) && Number.isFinite(high)) marks.set(range[1], { low, high });
    } else if (values.length > 0 && column(id)) marks.set(id, { values });
  }
  return marks;
}

/** The id's own `=` is escaped as those of the values are. */
export function writeMarks(marks: Marks): string | undefined {
  const all = [...marks].map(([id, mark]) =>
    "values" in mark
      ? [id, ...mark.values].map(encode).join("=")
      : `${id}:${shortest(mark.low)}:${shortest(mark.high)}`,
  );
  return writeList(all) || undefined;
}

const encode = (text: string) => text.replace(/[%=:]/g, (one) => encodeURIComponent(one));

function decode(text: string): string {
  return text.replace(/%(25|3D|3A)/g, (one) => decodeURIComponent(one));
}

/** Six digits are finer than any pixel. */
const shortest = (value: number) => String(Number(value.toPrecision(6)));

/** The search's clauses for them. */
export function markClauses(marks: Marks): string[] {
  return [...marks].flatMap(([id, mark]) => {
    const one = column(id);
    if (!one) return [];
    const name =
      one.kind === "attribute"
        ? one.key === "started"
          ? "attributes.start_time"
          : "attributes.status"
        : `${one.kind}s.${quoteKey(one.key)}`;
    if (!("values" in mark)) return [`${name} >= ${plain(mark.low)}`, `${name} <= ${plain(mark.high)}`];
    const any = mark.values.map((value) => `${name} = ${quoteValue(value)}`);
    return [any.length === 1 ? `${any[0]}` : `(${any.join(" OR ")})`];
  });
}

/** The grammar has no exponents with a plus, and needs none. */
const plain = (value: number) => shortest(value).replace("e+", "e");

/** A filter and more clauses; brackets keep an OR of the filter to itself. */
export function both(filter: string | undefined, clauses: readonly string[]): string | undefined {
  if (clauses.length === 0) return filter;
  const all = clauses.join(" AND ");
  if (!filter) return all;
  return `${hasOr(filter) ? `(${filter})` : filter} AND ${all}`;
}

const hasOr = (filter: string) => /\bOR\b/i.test(filter);

/** How many characters `both` puts before the filter: the server counts them. */
export const shiftOf = (filter: string | undefined, clauses: readonly string[]): number =>
  filter && clauses.length > 0 && hasOr(filter) ? 1 : 0;

/** What one filter of the server's may hold. */
const MOST_COMPARISONS = 500;

/** Why these marks can be no filter together with the one that is typed, and what can be done; nothing when they can. */
export function refusal(filter: string | undefined, marks: Marks): string | undefined {
  for (const [id, mark] of marks) {
    const title = column(id)?.title ?? id;
    const odd = "values" in mark && mark.values.find((value) => !isQuotable(value));
    if (odd) return `${title} has the value ${odd} with both kinds of quotes, which no filter can name.`;
  }
  const sizes = [...marks].map(([id, mark]) => ({ id, size: "values" in mark ? mark.values.length : 2 }));
  const typed = filter ? (filter.match(/\b(AND|OR)\b/gi)?.length ?? 0) + 1 : 0;
  if (sizes.reduce((sum, { size }) => sum + size, typed) <= MOST_COMPARISONS) return undefined;
  const largest = sizes.reduce((a, b) => (b.size > a.size ? b : a));
  const title = column(largest.id)?.title ?? largest.id;
  return `That part of ${title} holds ${largest.size.toLocaleString("en")} different values, and a filter compares at most ${MOST_COMPARISONS}. Mark a smaller part.`;
}

/** As a chip above the table says it. */
export function markText(id: string, mark: Mark): string {
  const title = column(id)?.title ?? id;
  if (!("values" in mark)) return `${title} ${formatNumber(mark.low)} to ${formatNumber(mark.high)}`;
  return `${title} ${mark.values.length > 3 ? `${mark.values.length} values` : mark.values.join(", ")}`;
}
