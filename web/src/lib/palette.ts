// What the command palette offers for what somebody typed, best first.

export interface Command {
  id: string;
  label: string;
  group: string;
  /** Other words that it may be found by. */
  also?: string;
  run: () => unknown;
}

/** How well `label` fits: 0 is not at all. Whole beginnings first, then beginnings of words, then parts, then letters in order. */
export function likeness(label: string, wanted: string): number {
  const text = label.toLowerCase();
  const want = wanted.trim().toLowerCase();
  if (want === "") return 1;
  // Shorter names are what somebody means who typed just that much.
  const brief = 1 / (1 + text.length);
  if (text.startsWith(want)) return 5 + brief;
  const words = text.split(/[\s/_.:@-]+/);
  if (words.some((word) => word.startsWith(want))) return 4 + brief;
  const parts = want.split(/\s+/);
  if (parts.every((part) => words.some((word) => word.startsWith(part)))) return 3 + brief;
  if (parts.every((part) => text.includes(part))) return 2 + brief;
  return want.length > 1 && inOrder(text, want.replaceAll(" ", "")) ? 1 + brief : 0;
}

function inOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** Groups stay together, in the order of their best; each is cut to `most`. */
export function choose(commands: readonly Command[], wanted: string, most: number): Command[] {
  const groups = new Map<string, { best: number; found: [number, Command][] }>();
  for (const command of commands) {
    const score = Math.max(
      likeness(command.label, wanted),
      command.also ? likeness(command.also, wanted) * 0.9 : 0,
    );
    if (score === 0) continue;
    const group = groups.get(command.group) ?? { best: 0, found: [] };
    group.best = Math.max(group.best, score);
    group.found.push([score, command]);
    groups.set(command.group, group);
  }
  const sorted =
    wanted.trim() === "" ? [...groups.values()] : [...groups.values()].sort((a, b) => b.best - a.best);
  return sorted.flatMap(({ found }) =>
    found
      .sort(([a], [b]) => b - a)
      .slice(0, most)
      .map(([, command]) => command),
  );
}

/** An id that was pasted, and what it is the id of. */
export function readId(text: string): { kind: "run" | "model"; id: string } | undefined {
  const trimmed = text.trim().toLowerCase();
  if (/^[0-9a-f]{32}$/.test(trimmed)) return { kind: "run", id: trimmed };
  return /^m-[0-9a-f]{32}$/.test(trimmed) ? { kind: "model", id: trimmed } : undefined;
}
