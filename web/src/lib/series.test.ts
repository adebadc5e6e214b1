import { expect, test } from "vitest";
import { align, smooth, sparkPath } from "./series.ts";

const point = (step: number, value: number) => ({ step, timestamp: 1000 + step * 10, value });

test("smoothing begins at the first value and passes over what is no number", () => {
  expect(smooth([4, 4, 4], 0.9).map((value) => value?.toFixed(6))).toEqual([
    "4.000000",
    "4.000000",
    "4.000000",
  ]);
  const values = smooth([1, null, Number.NaN, 3], 0.5);
  expect(values[1]).toBeNull();
  expect(values[2]).toBeNaN();
  expect(values[3]).toBeCloseTo(7 / 3);
  expect(smooth([1, 2], 0)).toEqual([1, 2]);
});

test("lines of different steps share one axis", () => {
  const { xs, ys } = align(
    [
      { points: [point(0, 1), point(2, 3)], startedAt: 1000 },
      { points: [point(1, 5), point(2, Number.NaN)], startedAt: 1000 },
    ],
    "step",
  );
  expect(xs).toEqual([0, 1, 2]);
  expect(ys).toEqual([
    [1, null, 3],
    [null, 5, null],
  ]);
  expect(align([{ points: [point(3, 1)], startedAt: 1000 }], "relative").xs).toEqual([0.03]);
});

test("sparklines", () => {
  expect(sparkPath([0, 1], 10, 4)).toBe("M0.0 4.0L10.0 0.0");
  expect(sparkPath([2, Number.NaN, 2, 2], 9, 4)).toBe("M0.0 2.0M6.0 2.0L9.0 2.0");
  expect(sparkPath([5], 10, 4)).toBe("M0.0 2.0h0.01");
  expect(sparkPath([Number.NaN], 10, 4)).toBe("");
});
