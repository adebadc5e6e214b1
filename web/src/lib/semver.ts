// SemVer's order, for lists of versions.

interface Parsed {
  numbers: number[];
  prerelease: string[];
}

/** No number begins with a zero; the pieces of a prerelease or of build metadata are not empty. */
const NUMBER = "(0|[1-9]\\d*)";
const PIECE = "(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)";
const SEMVER = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${PIECE}(?:\\.${PIECE})*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);

export function parse(text: string): Parsed | undefined {
  const found = SEMVER.exec(text);
  if (!found) return undefined;
  return { numbers: found.slice(1, 4).map(Number), prerelease: found[4]?.split(".") ?? [] };
}

/** Below zero when `a` is the lower version. What is no SemVer is lower than what is one. */
export function compare(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  if (!left || !right) return Number(Boolean(left)) - Number(Boolean(right)) || a.localeCompare(b, "en");
  for (let index = 0; index < 3; index += 1) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePrerelease(left.prerelease, right.prerelease);
}

function comparePrerelease(a: string[], b: string[]): number {
  // A version without a prerelease is above those with one.
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [left, right] = [a[index], b[index]];
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    const [leftNumber, rightNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (leftNumber && rightNumber && Number(left) !== Number(right)) return Number(left) - Number(right);
    if (leftNumber !== rightNumber) return leftNumber ? -1 : 1;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** The next patch, minor and major version after `version`. */
export function bumps(version: string): string[] {
  const parsed = parse(version);
  if (!parsed) return ["1.0.0"];
  const [major = 0, minor = 0, patch = 0] = parsed.numbers;
  return [`${major}.${minor}.${patch + 1}`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`];
}

/** The numbers that an automatic version may raise, in the order of `bumps`. */
export const VERSION_PARTS = [
  { value: "patch", label: "Patch" },
  { value: "minor", label: "Minor" },
  { value: "major", label: "Major" },
] as const;
