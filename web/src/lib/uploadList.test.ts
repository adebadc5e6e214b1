import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Upload } from "./files.ts";
import { UploadList } from "./uploadList.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const upload = (id: number): Upload => {
  return { id, path: `f${id}`, size: 100, sent: 0, state: "waiting", problem: "", sha256: "" };
};

test("a thousand pieces of progress are told once, and the list is copied no more often", () => {
  const list = new UploadList();
  list.add(Array.from({ length: 1000 }, (_, id) => upload(id)));
  const tell = vi.fn();
  list.subscribe(tell);
  const before = list.all();
  for (let id = 0; id < 1000; id += 1) list.change(id, { sent: 50 });
  expect(list.all()).toBe(before);
  expect(list.get(7)?.sent).toBe(50);
  expect(tell).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(tell).toHaveBeenCalledTimes(1);
  expect(list.all().every((one) => one.sent === 50)).toBe(true);
});

test("what was cleared is gone, and later progress of it changes nothing", () => {
  const list = new UploadList();
  list.add([upload(1), upload(2)]);
  list.keep((one) => one.id === 2);
  expect(list.all().map((one) => one.id)).toEqual([2]);
  list.change(1, { sent: 9 });
  vi.advanceTimersByTime(100);
  expect(list.all().map((one) => one.id)).toEqual([2]);
});

test("what somebody did to many is told at once, and once", async () => {
  const list = new UploadList();
  list.add([upload(1), upload(2)]);
  const tell = vi.fn();
  list.subscribe(tell);
  for (const id of [1, 2]) {
    list.change(id, { state: "cancelled" });
    list.soon();
  }
  await Promise.resolve();
  expect(tell).toHaveBeenCalledTimes(1);
  expect(list.all().map((one) => one.state)).toEqual(["cancelled", "cancelled"]);
  vi.advanceTimersByTime(1000);
  expect(tell).toHaveBeenCalledTimes(1);
});
