// What differs between runs, line by line, against one of them.

import type { Run } from "../api/mlflow.ts";
import type { ModelFacts } from "./mlmodel.ts";

export interface Cell {
  value: string | number | undefined;
  /** Not what the reference has. */
  changed: boolean;
  /** Of numbers: how far from the reference. */
  delta: number | undefined;
}

export interface Line {
  key: string;
  cells: Cell[];
}

export type Comparison = { title: string; numeric: boolean; lines: Line[] }[];

/** Tags that tools set say where a run came from; only these of them help in a comparison. */
const TELLING = new Set(["mlflow.source.name", "mlflow.source.git.commit", "mlflow.user"]);

/** The fields of a model's signature, `inputs: age`, each with its type. */
export type Signature = ReadonlyMap<string, string>;

export function signatureOf(facts: ModelFacts | undefined): Signature {
  return new Map(
    facts?.signature.flatMap(({ title, fields }) =>
      fields.map(({ name, type, required }): [string, string] => [
        `${title.toLowerCase()}: ${name}`,
        required ? type : `${type}, optional`,
      ]),
    ),
  );
}

const NO_SIGNATURE: Signature = new Map();

/** `signatures`: of the models that the runs logged, by run. */
export function compareRuns(
  runs: readonly Run[],
  base: Run,
  all: boolean,
  signatures: ReadonlyMap<string, Signature> = new Map(),
): Comparison {
  const tagged = (key: string) => !key.startsWith("mlflow.") || TELLING.has(key);
  return [
    { title: "Metrics", numeric: true, lines: lines(runs, base, (run) => run.metrics, all) },
    { title: "Params", numeric: false, lines: lines(runs, base, (run) => run.params, all) },
    {
      title: "Signature",
      numeric: false,
      lines: lines(runs, base, (run) => signatures.get(run.id) ?? NO_SIGNATURE, all),
    },
    {
      title: "Tags",
      numeric: false,
      lines: lines(runs, base, (run) => run.tags, all).filter((line) => tagged(line.key)),
    },
  ];
}

function lines(
  runs: readonly Run[],
  base: Run,
  entries: (run: Run) => ReadonlyMap<string, string | number>,
  all: boolean,
): Line[] {
  const keys = [...new Set(runs.flatMap((run) => [...entries(run).keys()]))].sort((a, b) =>
    a.localeCompare(b, "en"),
  );
  const found: Line[] = [];
  for (const key of keys) {
    const reference = entries(base).get(key);
    const cells = runs.map((run): Cell => {
      const value = entries(run).get(key);
      const numbers = typeof value === "number" && typeof reference === "number";
      // NaN is the same as NaN here.
      return { value, changed: !Object.is(value, reference), delta: numbers ? value - reference : undefined };
    });
    if (all || cells.some((cell) => cell.changed)) found.push({ key, cells });
  }
  return found;
}
