// What changes of a project mean for what the pages have asked for, and how long to wait before asking again.

/** The data of a `change` event: ids only. */
export interface Change {
  kind: string;
  changes: string[];
  experiment_id?: string;
  run_id?: string;
  model_id?: string;
  /** The name of a registered model. */
  model?: string;
  /** MLflow's number. */
  version?: string;
  semver?: string;
}

/** Answers that depend on a part of a thing only, by the first word of their key. */
const DEPENDS: Record<string, string[]> = {
  series: ["metrics"],
  artifacts: ["artifacts"],
  file: ["artifacts"],
  provenance: ["provenance", "tags", "created"],
  "logged-models": ["inputs", "created"],
};

/** Those of an experiment that are no list of its runs, or one that changes with few of their changes. */
const OWN: Record<string, string[]> = {
  experiment: [],
  candidate: [],
  // Which keys there are: not asked again for each value. It is asked from time to time besides.
  columns: ["created", "deleted", "restored", "params", "tags"],
};

const COMES_AND_GOES = ["created", "deleted", "restored", "renamed"];

/** Whether the answer kept under `key` may be another since the change. Keys begin with a word and the project. */
export function concerns(key: readonly unknown[], project: string, change: Change): boolean {
  const [word, of, ...rest] = key;
  if (typeof word !== "string" || of !== project) return false;
  const parts = DEPENDS[word];
  if (parts && !parts.some((part) => change.changes.includes(part) || change.changes.includes("runs")))
    return false;
  switch (change.kind) {
    case "experiment":
      return word === "experiments" || mentions(rest, change.experiment_id);
    case "run":
      return ofRun(word, rest, change);
    case "logged_model":
      return (
        word === "logged-models" ||
        mentions(rest, change.model_id) ||
        (word === "run" && change.changes.includes("metrics"))
      );
    case "model":
      return word === "models" || rest[0] === change.model;
    case "version":
      // What a version was called in the address may be a range or an alias: all of the model's are meant.
      return word === "models" || rest[0] === change.model;
    default:
      return false;
  }
}

function ofRun(word: string, rest: readonly unknown[], change: Change): boolean {
  if (mentions(rest, change.run_id)) return true;
  if (change.model !== undefined && (word === "version" || word === "compare") && rest[0] === change.model)
    return true;
  // The list of experiments tells how many runs each has, and when the last one was.
  if (word === "experiments") return COMES_AND_GOES.some((one) => change.changes.includes(one));
  // Lists and tables of its experiment; histories and files are those of single runs.
  const own = OWN[word];
  if (DEPENDS[word] || (own && !own.some((part) => change.changes.includes(part)))) return false;
  return rest[0] === change.experiment_id;
}

/** Ids stand in keys by themselves or in lists. */
function mentions(rest: readonly unknown[], id: string | undefined): boolean {
  if (id === undefined) return false;
  return rest.some((part) => part === id || (Array.isArray(part) && part.includes(id)));
}

/** Many changes of the same things are one. */
export function merge(changes: readonly Change[]): Change[] {
  const merged = new Map<string, Change>();
  for (const change of changes) {
    const { changes: what, ...names } = change;
    const id = JSON.stringify(names);
    const known = merged.get(id);
    merged.set(id, { ...names, changes: [...new Set([...(known?.changes ?? []), ...what])] });
  }
  return [...merged.values()];
}

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/** How long until the next attempt: twice as long each time, and not the same for everybody. `random` in [0, 1). */
export function backoff(attempt: number, random: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10)) * (0.5 + random / 2);
}

const SOON_MS = 250;
const SPACING_MS = 1500;

/**
 * How long to gather changes before the pages ask again: at once after a quiet time, never more often than every so
 * often, and slower where asking itself takes long.
 */
export function gatherFor(sinceLast: number, lastTook: number): number {
  return Math.max(SOON_MS, Math.max(SPACING_MS, 4 * lastTook) - sinceLast);
}
