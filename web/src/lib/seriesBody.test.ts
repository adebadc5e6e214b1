import { expect, test } from "vitest";
import { readSeriesBody } from "./seriesBody.ts";

/** As the server writes it. */
function body(header: object, data: ArrayBufferView[]): ArrayBuffer {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(
    8 + length + data.reduce((sum, part) => sum + Math.ceil(part.byteLength / 8) * 8, 0),
  );
  bytes.set(new TextEncoder().encode("WSR1"));
  new DataView(bytes.buffer).setUint32(4, length, true);
  bytes.fill(32, 8, 8 + length);
  bytes.set(json, 8);
  let at = 8 + length;
  for (const part of data) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += Math.ceil(part.byteLength / 8) * 8;
  }
  return bytes.buffer;
}

test("exact histories and buckets", () => {
  const header = {
    axis: "step",
    runs: ["a", "b"],
    metrics: ["loss"],
    fields: ["min", "max", "mean"],
    xs: [
      { type: "f64", offset: 0, length: 2 },
      { type: "u32", offset: 32, length: 2 },
    ],
    series: [
      { run: 0, metric: 0, points: 2, length: 2, x: 0, start: 0, width: 0, bytes: 8, offset: 16 },
      { run: 1, metric: 0, points: 9, length: 2, x: 1, start: 64, width: 32, bytes: 4, offset: 40 },
    ],
  };
  const histories = readSeriesBody(
    body(header, [
      Float64Array.of(0, 7),
      Float64Array.of(0.1, Number.NaN),
      Uint32Array.of(0, 3),
      Float32Array.of(1, 2, 5, 6, 3, 4),
    ]),
  ).get("loss");
  expect(histories?.get("a")).toEqual({ xs: [0, 7], values: [0.1, Number.NaN] });
  expect(histories?.get("b")).toEqual({ xs: [79, 175], lows: [1, 2], highs: [5, 6], values: [3, 4] });
});

test("something else is refused", () => {
  expect(() => readSeriesBody(new TextEncoder().encode("WSR9{}      ").buffer as ArrayBuffer)).toThrow(
    "WSR9",
  );
});
