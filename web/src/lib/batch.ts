// The same request for many things, a few at a time.

/** As many as a browser sends to one host at once. */
const AT_ONCE = 6;

/** Begins no more once one has failed, and fails with its error when those under way have ended. */
export async function inTurn<T>(
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
  atOnce = AT_ONCE,
): Promise<void> {
  let next = 0;
  const failures: unknown[] = [];
  const work = async () => {
    while (next < items.length && failures.length === 0) {
      const item = items[next] as T;
      next += 1;
      await act(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  if (failures.length > 0) throw failures[0];
}
