// Reads the answer of sampled series: a header in JSON, then numbers as their bytes are.

import type { components } from "../api/schema.d.ts";
import type { History } from "./series.ts";

type Header = components["schemas"]["SeriesHeader"];

/** By metric and then by run; a run without a point is left out. */
export type Histories = Map<string, Map<string, History>>;

export function readSeriesBody(body: ArrayBuffer): Histories {
  const view = new DataView(body);
  const magic = String.fromCharCode(...new Uint8Array(body, 0, 4));
  if (magic !== "WSR1") throw new Error(`the histories begin with '${magic}', which these pages do not know`);
  const length = view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(body, 8, length))) as Header;
  const data = 8 + length;
  const xs = header.xs.map(({ type, offset, length: count }) =>
    Array.from(
      type === "u32"
        ? new Uint32Array(body, data + offset, count)
        : new Float64Array(body, data + offset, count),
    ),
  );
  const histories: Histories = new Map();
  for (const one of header.series) {
    const [run, metric] = [header.runs[one.run], header.metrics[one.metric]];
    if (run === undefined || metric === undefined) continue;
    const own = histories.get(metric) ?? new Map<string, History>();
    histories.set(metric, own.set(run, readHistory(body, data, header.fields, one, xs[one.x] ?? [])));
  }
  return histories;
}

function readHistory(
  body: ArrayBuffer,
  data: number,
  fields: string[],
  { length, start, width, bytes, offset }: Header["series"][number],
  places: number[],
): History {
  const numbers = (index: number) => {
    const at = data + offset + index * length * bytes;
    return Array.from(bytes === 4 ? new Float32Array(body, at, length) : new Float64Array(body, at, length));
  };
  if (width === 0) return { xs: places, values: numbers(0) };
  // In the middle of each bucket, where its mean belongs.
  const middle = Math.floor((width - 1) / 2);
  const history: History = { xs: places.map((place) => start + place * width + middle), values: [] };
  const field = (name: string) => {
    const index = fields.indexOf(name);
    return index < 0 ? undefined : numbers(index);
  };
  const [lows, highs] = [field("min"), field("max")];
  return {
    ...history,
    values: field("mean") ?? field("last") ?? numbers(0),
    ...(lows && highs && { lows, highs }),
  };
}
