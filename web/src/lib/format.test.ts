import { expect, test } from "vitest";
import { formatAgo, formatBytes, formatCell, formatDuration, formatNumber } from "./format.ts";

test("numbers keep what can be told apart, and no more", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [0.8400000000000001, "0.84"],
    [0.00001234, "1.234e-5"],
    [123456, "123456"],
    [12345.678, "12345.7"],
    [-0.5, "−0.5"],
    [1e9, "1e+9"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "−∞"],
  ];
  for (const [value, text] of cases) expect(formatNumber(value)).toBe(text);
  expect([0.888, 7, -0.5, 1e-6].map(formatCell)).toEqual(["0.8880", "7", "−0.5000", "1e-6"]);
});

test("sizes change their unit before they have four digits", () => {
  expect(formatBytes(0)).toBe("0 bytes");
  expect(formatBytes(999)).toBe("999 bytes");
  expect(formatBytes(1000)).toBe("1.0 KB");
  expect(formatBytes(999_600)).toBe("1.0 MB");
  expect(formatBytes(200_000_000)).toBe("200 MB");
});

test("spans", () => {
  expect(formatDuration(250)).toBe("250 ms");
  expect(formatDuration(9500)).toBe("9.5 s");
  expect(formatDuration(59_990)).toBe("1 min 0 s");
  expect(formatDuration(3_725_000)).toBe("1 h 2 min");
  expect(formatDuration(200_000_000)).toBe("2 d 7 h");
});

test("times ago", () => {
  const now = 1_800_000_000_000;
  expect(formatAgo(now - 3000, now)).toBe("just now");
  expect(formatAgo(now - 59_700, now)).toBe("1 minute ago");
  expect(formatAgo(now - 7_200_000, now)).toBe("2 hours ago");
  expect(formatAgo(now - 86_400_000, now)).toBe("yesterday");
});
