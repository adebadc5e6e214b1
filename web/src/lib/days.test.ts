import { expect, test } from "vitest";
import { dayAfter, untilDay } from "./days.ts";

test("days are counted in UTC", () => {
  const now = Date.parse("2026-01-30T23:59:00Z");
  expect(dayAfter(1, now)).toBe("2026-01-31");
  expect(dayAfter(365, now)).toBe("2027-01-30");
  expect(untilDay("2026-01-30", now)).toBe("past");
  expect(untilDay("2026-01-31", now)).toBe("soon");
  expect(untilDay("2026-02-28", now)).toBe("later");
});
