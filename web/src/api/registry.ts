// Weir's own routes, typed by the schema that is made from the server's OpenAPI document.

import { apiOf, type Slug } from "../lib/project.ts";
import { request } from "./client.ts";
import type { components, operations } from "./schema.d.ts";

type Schemas = components["schemas"];
export type VersionInfo = Schemas["VersionInfo"];
export type Comparison = Schemas["Comparison"];
export type FieldInfo = Schemas["FieldInfo"];
export type ModelEvent = Schemas["Events"]["events"][number];
export type JobInfo = Schemas["JobInfo"];
export type VerifiedJob = Schemas["VerifiedJob"];
export type MlModelInfo = Schemas["MlModelInfo"];

type EventsQuery = NonNullable<operations["list_model_events"]["parameters"]["query"]>;

const model = (project: Slug, name: string) => `${apiOf(project)}/ml/models/${encodeURIComponent(name)}`;
const ofVersion = (project: Slug, name: string, version: string) =>
  `${model(project, name)}/versions/${encodeURIComponent(version)}`;

/** `version`: MLflow's number, a SemVer, a range, an alias or a stage. */
export const getVersion = (project: Slug, name: string, version: string, signal?: AbortSignal) =>
  request<VersionInfo>("GET", ofVersion(project, name, version), { signal });

export const publishVersion = (project: Slug, name: string, version: string) =>
  request<VersionInfo>("POST", `${ofVersion(project, name, version)}/publish`);

export const compareVersions = (
  project: Slug,
  name: string,
  from: string,
  to: string,
  signal?: AbortSignal,
) => request<Comparison>("GET", `${model(project, name)}/compare`, { query: { from, to }, signal });

export const getProvenance = (project: Slug, runId: string, signal?: AbortSignal) =>
  request<Schemas["ProvenanceInfo"]>(
    "GET",
    `${apiOf(project)}/ml/runs/${encodeURIComponent(runId)}/provenance`,
    { signal },
  );

export const listEvents = (project: Slug, name: string, query: EventsQuery, signal?: AbortSignal) =>
  request<Schemas["Events"]>("GET", `${model(project, name)}/events`, { query: { ...query }, signal });
