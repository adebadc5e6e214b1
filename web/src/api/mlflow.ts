// MLflow's routes that the pages use, by hand: their wire forms, and what the pages make of them.

import { apiOf, type Slug } from "../lib/project.ts";
import { address, type Options, request } from "./client.ts";

export interface KeyValue {
  key: string;
  value: string;
}

export interface WireMetric {
  key: string;
  /** JSON has no NaN and no Infinity; they come as text. */
  value: number | string;
  timestamp: number;
  step?: number;
}

export interface Experiment {
  experiment_id: string;
  name: string;
  artifact_location: string;
  lifecycle_stage: "active" | "deleted";
  creation_time?: number;
  last_update_time?: number;
  tags?: KeyValue[];
}

export type RunStatus = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";

interface WireRun {
  info: {
    run_id: string;
    run_name?: string;
    experiment_id: string;
    user_id?: string;
    status: RunStatus;
    start_time?: number;
    end_time?: number;
    artifact_uri: string;
    lifecycle_stage: "active" | "deleted";
  };
  data: { metrics?: WireMetric[]; params?: KeyValue[]; tags?: KeyValue[] };
  inputs?: { dataset_inputs?: { tags?: KeyValue[]; dataset: Dataset }[] };
  outputs?: { model_outputs?: { model_id: string; step: number }[] };
}

export interface Dataset {
  name: string;
  digest: string;
  source_type: string;
  source: string;
  schema?: string;
  profile?: string;
}

/** A run as the pages use it: its keys in maps. */
export interface Run {
  id: string;
  name: string;
  experimentId: string;
  user: string;
  status: RunStatus;
  startedAt: number | undefined;
  endedAt: number | undefined;
  artifactUri: string;
  deleted: boolean;
  /** The latest value of each. */
  metrics: Map<string, number>;
  params: Map<string, string>;
  tags: Map<string, string>;
  datasets: { dataset: Dataset; context: string }[];
  modelIds: string[];
}

export interface ModelVersion {
  name: string;
  version: string;
  creation_timestamp: number;
  last_updated_timestamp: number;
  user_id?: string;
  current_stage: string;
  description?: string;
  source: string;
  run_id: string;
  status: string;
  tags?: KeyValue[];
  aliases?: string[];
}

export interface RegisteredModel {
  name: string;
  creation_timestamp: number;
  last_updated_timestamp: number;
  user_id?: string;
  description?: string;
  latest_versions?: ModelVersion[];
  tags?: KeyValue[];
  aliases?: { alias: string; version: string }[];
}

export interface Page<T> {
  items: T[];
  next: string | undefined;
}

const call = <T>(
  project: Slug,
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  options: Options,
) => request<T>(method, `${apiOf(project)}/ml/mlflow/api/2.0/mlflow/${path}`, options);

export const number = (value: number | string): number => (typeof value === "number" ? value : Number(value));

const mapOf = (entries: KeyValue[] | undefined) =>
  new Map((entries ?? []).map((entry) => [entry.key, entry.value]));

function toRun(wire: WireRun): Run {
  const { info, data } = wire;
  return {
    id: info.run_id,
    name: info.run_name ?? "",
    experimentId: info.experiment_id,
    user: info.user_id ?? "",
    status: info.status,
    startedAt: info.start_time || undefined,
    endedAt: info.end_time || undefined,
    artifactUri: info.artifact_uri,
    deleted: info.lifecycle_stage === "deleted",
    metrics: new Map((data.metrics ?? []).map((metric) => [metric.key, number(metric.value)])),
    params: mapOf(data.params),
    tags: mapOf(data.tags),
    datasets: (wire.inputs?.dataset_inputs ?? []).map((input) => ({
      dataset: input.dataset,
      context: input.tags?.find((tag) => tag.key === "mlflow.data.context")?.value ?? "",
    })),
    modelIds: (wire.outputs?.model_outputs ?? []).map((output) => output.model_id),
  };
}

export type ViewType = "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";

export interface SearchExperiments {
  filter?: string;
  order_by?: string[];
  view_type?: ViewType;
  max_results: number;
  page_token?: string;
}

export async function searchExperiments(
  project: Slug,
  body: SearchExperiments,
  signal?: AbortSignal,
): Promise<Page<Experiment>> {
  const answer = await call<{ experiments?: Experiment[]; next_page_token?: string }>(
    project,
    "POST",
    "experiments/search",
    { body, signal },
  );
  return { items: answer.experiments ?? [], next: answer.next_page_token };
}

export async function getExperiment(project: Slug, id: string, signal?: AbortSignal): Promise<Experiment> {
  const query = { experiment_id: id };
  return (await call<{ experiment: Experiment }>(project, "GET", "experiments/get", { query, signal }))
    .experiment;
}

export async function getExperimentByName(
  project: Slug,
  name: string,
  signal?: AbortSignal,
): Promise<Experiment> {
  const query = { experiment_name: name };
  return (
    await call<{ experiment: Experiment }>(project, "GET", "experiments/get-by-name", { query, signal })
  ).experiment;
}

export async function createExperiment(project: Slug, name: string): Promise<string> {
  const body = { name };
  return (await call<{ experiment_id: string }>(project, "POST", "experiments/create", { body }))
    .experiment_id;
}

export const renameExperiment = (project: Slug, id: string, name: string) =>
  call(project, "POST", "experiments/update", { body: { experiment_id: id, new_name: name } });

export const deleteExperiment = (project: Slug, id: string) =>
  call(project, "POST", "experiments/delete", { body: { experiment_id: id } });

export const restoreExperiment = (project: Slug, id: string) =>
  call(project, "POST", "experiments/restore", { body: { experiment_id: id } });

export const setExperimentTag = (project: Slug, id: string, tag: KeyValue) =>
  call(project, "POST", "experiments/set-experiment-tag", { body: { experiment_id: id, ...tag } });

export interface SearchRuns {
  experiment_ids: string[];
  filter?: string;
  order_by?: string[];
  run_view_type?: ViewType;
  max_results: number;
  page_token?: string;
}

export async function searchRuns(project: Slug, body: SearchRuns, signal?: AbortSignal): Promise<Page<Run>> {
  const answer = await call<{ runs?: WireRun[]; next_page_token?: string }>(project, "POST", "runs/search", {
    body,
    signal,
  });
  return { items: (answer.runs ?? []).map(toRun), next: answer.next_page_token };
}

export async function getRun(project: Slug, id: string, signal?: AbortSignal): Promise<Run> {
  const query = { run_id: id };
  return toRun((await call<{ run: WireRun }>(project, "GET", "runs/get", { query, signal })).run);
}

export const renameRun = (project: Slug, id: string, name: string) =>
  call(project, "POST", "runs/update", { body: { run_id: id, run_name: name } });

export const deleteRun = (project: Slug, id: string) =>
  call(project, "POST", "runs/delete", { body: { run_id: id } });

export const restoreRun = (project: Slug, id: string) =>
  call(project, "POST", "runs/restore", { body: { run_id: id } });

export const setRunTag = (project: Slug, id: string, tag: KeyValue) =>
  call(project, "POST", "runs/set-tag", { body: { run_id: id, ...tag } });

export const deleteRunTag = (project: Slug, id: string, key: string) =>
  call(project, "POST", "runs/delete-tag", { body: { run_id: id, key } });

/** What the stock client is given as its tracking address. */
export const trackingUri = (project: Slug): string => address(`${apiOf(project)}/ml/mlflow`);

export interface SearchRegistry {
  filter?: string;
  order_by?: string[];
  max_results: number;
  page_token?: string;
}

export async function searchModels(
  project: Slug,
  search: SearchRegistry,
  signal?: AbortSignal,
): Promise<Page<RegisteredModel>> {
  const answer = await call<{ registered_models?: RegisteredModel[]; next_page_token?: string }>(
    project,
    "GET",
    "registered-models/search",
    { query: { ...search }, signal },
  );
  return { items: answer.registered_models ?? [], next: answer.next_page_token };
}

export async function getModel(project: Slug, name: string, signal?: AbortSignal): Promise<RegisteredModel> {
  const answer = await call<{ registered_model: RegisteredModel }>(project, "GET", "registered-models/get", {
    query: { name },
    signal,
  });
  return answer.registered_model;
}

export const createModel = (project: Slug, name: string, description: string) =>
  call(project, "POST", "registered-models/create", { body: { name, description } });

export const describeModel = (project: Slug, name: string, description: string) =>
  call(project, "PATCH", "registered-models/update", { body: { name, description } });

export const deleteModel = (project: Slug, name: string) =>
  call(project, "DELETE", "registered-models/delete", { body: { name } });

export async function searchVersions(
  project: Slug,
  search: SearchRegistry,
  signal?: AbortSignal,
): Promise<Page<ModelVersion>> {
  const answer = await call<{ model_versions?: ModelVersion[]; next_page_token?: string }>(
    project,
    "GET",
    "model-versions/search",
    { query: { ...search }, signal },
  );
  return { items: answer.model_versions ?? [], next: answer.next_page_token };
}

export interface CreateVersion {
  name: string;
  source: string;
  run_id?: string;
  tags?: KeyValue[];
  description?: string;
}

export async function createVersion(project: Slug, body: CreateVersion): Promise<ModelVersion> {
  const answer = await call<{ model_version: ModelVersion }>(project, "POST", "model-versions/create", {
    body,
  });
  return answer.model_version;
}

export const describeVersion = (project: Slug, name: string, version: string, description: string) =>
  call(project, "PATCH", "model-versions/update", { body: { name, version, description } });

export const deleteVersion = (project: Slug, name: string, version: string) =>
  call(project, "DELETE", "model-versions/delete", { body: { name, version } });

/** With `archive`, versions that are in the stage now leave it for the archive. */
export const setStage = (project: Slug, name: string, version: string, stage: string, archive: boolean) =>
  call(project, "POST", "model-versions/transition-stage", {
    body: { name, version, stage, archive_existing_versions: archive },
  });

export const setModelTag = (project: Slug, name: string, tag: KeyValue) =>
  call(project, "POST", "registered-models/set-tag", { body: { name, ...tag } });

export const deleteModelTag = (project: Slug, name: string, key: string) =>
  call(project, "DELETE", "registered-models/delete-tag", { body: { name, key } });

export const setVersionTag = (project: Slug, name: string, version: string, tag: KeyValue) =>
  call(project, "POST", "model-versions/set-tag", { body: { name, version, ...tag } });

export const deleteVersionTag = (project: Slug, name: string, version: string, key: string) =>
  call(project, "DELETE", "model-versions/delete-tag", { body: { name, version, key } });

export const setAlias = (project: Slug, name: string, alias: string, version: string) =>
  call(project, "POST", "registered-models/alias", { body: { name, alias, version } });

export const deleteAlias = (project: Slug, name: string, alias: string) =>
  call(project, "DELETE", "registered-models/alias", { body: { name, alias } });
