// How the runs page of an experiment was arranged when one left it, for the way back from a comparison.

import type { Runs } from "./useRuns.ts";

const last = new Map<string, Runs["search"]>();
const keyOf = (project: string, experiment: string) => JSON.stringify([project, experiment]);

export function rememberSearch({ project, experiment, search }: Runs): void {
  last.set(keyOf(project, experiment), search);
}

export const lastSearch = (project: string, experiment: string): Partial<Runs["search"]> =>
  last.get(keyOf(project, experiment)) ?? {};
