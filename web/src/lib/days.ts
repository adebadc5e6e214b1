// Days, as tokens and memberships end on them: `2026-01-31`, from its first moment in UTC.

const DAY_MS = 24 * 60 * 60 * 1000;

/** The day that is so many days after `now`. */
export const dayAfter = (days: number, now = Date.now()): string =>
  new Date(now + days * DAY_MS).toISOString().slice(0, 10);

/** How a day stands to `now`. */
export function untilDay(day: string, now = Date.now()): "past" | "soon" | "later" {
  const left = Date.parse(`${day}T00:00:00Z`) - now;
  return left <= 0 ? "past" : left < 7 * DAY_MS ? "soon" : "later";
}
