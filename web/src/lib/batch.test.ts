import { expect, test } from "vitest";
import { inTurn } from "./batch.ts";

test("all are done, and never too many at once", async () => {
  const done: number[] = [];
  let now = 0;
  let most = 0;
  await inTurn(
    [1, 2, 3, 4, 5, 6, 7],
    async (item) => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      done.push(item);
      now -= 1;
    },
    3,
  );
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test("after a failure no more are begun", async () => {
  const begun: number[] = [];
  const work = inTurn(
    [1, 2, 3, 4, 5],
    async (item) => {
      begun.push(item);
      if (item === 2) throw new Error("two");
    },
    1,
  );
  await expect(work).rejects.toThrow("two");
  expect(begun).toEqual([1, 2]);
});
