// Weir's own routes of experiments and runs: what tables and charts are made of.

import { apiOf, type Slug } from "../lib/project.ts";
import { request } from "./client.ts";
import type { Page } from "./mlflow.ts";
import type { components, operations } from "./schema.d.ts";

type Schemas = components["schemas"];
export type ExperimentOverview = Schemas["ExperimentOverview"];
export type CandidateInfo = Schemas["CandidateInfo"];
export type ListExperiments = NonNullable<operations["list_experiments"]["parameters"]["query"]>;

const ml = (project: Slug) => `${apiOf(project)}/ml`;

export async function listExperiments(
  project: Slug,
  query: ListExperiments,
  signal?: AbortSignal,
): Promise<Page<ExperimentOverview>> {
  const path = `${ml(project)}/experiments`;
  const answer = await request<Schemas["ExperimentList"]>("GET", path, { query: { ...query }, signal });
  return { items: answer.experiments, next: answer.next_page_token ?? undefined };
}

/** By its number in the project, or its id. */
export const getCandidate = (project: Slug, candidate: string, signal?: AbortSignal) =>
  request<CandidateInfo>("GET", `${ml(project)}/candidates/${encodeURIComponent(candidate)}`, { signal });
