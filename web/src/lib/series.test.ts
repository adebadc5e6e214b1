import { expect, test } from "vitest";
import { align, byPrefix, curveOf, type History, rangeOf, readAxis, smooth, sparkPath } from "./series.ts";

const history = (xs: number[], values: number[]): History => ({ xs, values });

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

test("the x of a curve: step, time, another metric", () => {
  const one = history([0, 1000, 3000], [5, Number.NaN, 7]);
  expect(curveOf(one, "step")).toEqual({ xs: [0, 1000, 3000], ys: [5, null, 7] });
  expect(curveOf(one, "time").xs).toEqual([0, 1, 3]);
  const thinned = { ...one, lows: [4, Number.NaN, 6], highs: [6, Number.NaN, 8] };
  expect(curveOf(thinned, "step").highs).toEqual([6, null, 8]);
  // Nothing is known of the other metric before its first step.
  expect(curveOf(thinned, "m.x", history([1000, 2000], [9, 4]))).toEqual({
    ...{ xs: [4, 9], ys: [7, null] },
    ...{ lows: [6, null], highs: [8, null] },
  });
  expect(readAxis("m.val/auc")).toBe("m.val/auc");
  expect([readAxis("m."), readAxis("x"), readAxis(undefined)]).toEqual(["step", "step", "step"]);
});

test("what is in view as the server is asked for it", () => {
  expect(rangeOf([1.5, 9.2], "step")).toEqual([1, 10]);
  expect(rangeOf([1.5, 9.2], "relative")).toEqual([1500, 9200]);
  expect(rangeOf([1.5, 9.2], "m.loss")).toBeUndefined();
  expect(rangeOf(undefined, "step")).toBeUndefined();
});

test("curves of different steps share one axis", () => {
  const curves = [
    curveOf(history([0, 2], [1, 3]), "step"),
    curveOf(history([1, 2], [5, Number.NaN]), "step"),
  ];
  const { xs, placed } = align(curves);
  expect(xs).toEqual([0, 1, 2]);
  expect(placed.map(({ ys }) => ys)).toEqual([
    [1, null, 3],
    [null, 5, null],
  ]);
});

test("curves that share no x are drawn at no more places than there are pixels", () => {
  const curves = Array.from({ length: 20 }, (_, run) =>
    curveOf(
      history(
        Array.from({ length: 300 }, (_, step) => step + run / 20),
        Array.from({ length: 300 }, (_, step) => step),
      ),
      "step",
    ),
  );
  const { xs, placed } = align(curves);
  expect(xs.length).toBeLessThanOrEqual(2001);
  expect(xs).toEqual([...xs].sort((a, b) => a - b));
  for (const { ys } of placed) expect(ys.filter((y) => y !== null)).toHaveLength(300);
});

test("several points on one x are one, with the bounds of all", () => {
  expect(curveOf(history([0, 1, 1, 1, 2], [5, 1, 6, 2, 7]), "step")).toEqual({
    xs: [0, 1, 2],
    ys: [5, 3, 7],
    lows: [5, 1, 7],
    highs: [5, 6, 7],
  });
  // What is no number counts for nothing beside others.
  expect(curveOf(history([1, 1, 2, 2], [4, Number.NaN, Number.NaN, Number.NaN]), "step").ys).toEqual([
    4,
    null,
  ]);
  const thinned = { xs: [3, 3], values: [2, 4], lows: [0, 3], highs: [3, 9] };
  expect(curveOf(thinned, "relative")).toEqual({ xs: [0.003], ys: [3], lows: [0], highs: [9] });
  // Another metric that comes back to where it was.
  expect(curveOf(history([0, 1, 2], [1, 5, 3]), "m.x", history([0, 1, 2], [8, 9, 8]))).toEqual({
    xs: [8, 9],
    ys: [2, 5],
    lows: [1, 5],
    highs: [3, 5],
  });
});

test("points that are drawn at one place keep their lowest and highest", () => {
  const steps = Array.from({ length: 8000 }, (_, step) => step);
  const spiky = curveOf(
    history(
      steps,
      steps.map((step) => (step === 4001 ? 100 : 0)),
    ),
    "step",
  );
  const { xs, placed } = align([spiky]);
  expect(xs.length).toBeLessThanOrEqual(2001);
  expect(Math.max(...(placed[0]?.highs ?? []).map(Number))).toBe(100);
  expect(placed[0]?.lows?.every((low) => low === 0)).toBe(true);
  expect(Math.max(...(placed[0]?.ys ?? []).map(Number))).toBeLessThan(50);
});

test("metrics by prefix", () => {
  expect(byPrefix(["val/b", "loss", "train/x", "val/a"])).toEqual([
    ["", ["loss", "train/x"]],
    ["val", ["val/b", "val/a"]],
  ]);
});

test("sparklines", () => {
  expect(sparkPath([0, 1], 10, 4)).toBe("M0.0 4.0L10.0 0.0");
  expect(sparkPath([2, Number.NaN, 2, 2], 9, 4)).toBe("M0.0 2.0M6.0 2.0L9.0 2.0");
  expect(sparkPath([5], 10, 4)).toBe("M0.0 2.0h0.01");
  expect(sparkPath([Number.NaN], 10, 4)).toBe("");
});
