// What an entry of the audit log says to have changed, as texts.

export interface Difference {
  name: string;
  /** As it was; nothing when it was not there. */
  was?: string;
  is?: string;
}

const text = (value: unknown): string | undefined =>
  value === undefined || value === null || value === ""
    ? undefined
    : typeof value === "string"
      ? value
      : JSON.stringify(value);

export function differences(before: Record<string, unknown>, after: Record<string, unknown>): Difference[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .map((name) => ({ name, was: text(before[name]), is: text(after[name]) }))
    .filter(({ was, is }) => was !== is);
}
