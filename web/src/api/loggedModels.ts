// Logged models of MLflow 3, as runs made them.

import { apiOf, type Slug } from "../lib/project.ts";
import { request } from "./client.ts";
import type { KeyValue } from "./mlflow.ts";

export interface LoggedModelMetric {
  key: string;
  value: number | string;
  timestamp: number;
  step: number;
  dataset_name?: string;
  dataset_digest?: string;
  run_id: string;
}

export interface LoggedModel {
  info: {
    model_id: string;
    experiment_id: string;
    name: string;
    creation_timestamp_ms: number;
    artifact_uri: string;
    status: string;
    model_type: string;
    source_run_id: string;
    status_message?: string;
    tags?: KeyValue[];
    registrations?: { name: string; version: string }[];
  };
  data: { params?: KeyValue[]; metrics?: LoggedModelMetric[] };
}

const route = (project: Slug) => `${apiOf(project)}/ml/mlflow/api/2.0/mlflow/logged-models`;

export async function getLoggedModel(project: Slug, id: string, signal?: AbortSignal): Promise<LoggedModel> {
  const path = `${route(project)}/${encodeURIComponent(id)}`;
  return (await request<{ model: LoggedModel }>("GET", path, { signal })).model;
}

/** Those that a run made, newest first. */
export async function listOfRun(
  project: Slug,
  experiment: string,
  runId: string,
  signal?: AbortSignal,
): Promise<LoggedModel[]> {
  const body = {
    experiment_ids: [experiment],
    filter: `source_run_id = '${runId}'`,
    order_by: [{ field_name: "creation_timestamp", ascending: false }],
    max_results: 100,
  };
  const answer = await request<{ models?: LoggedModel[] }>("POST", `${route(project)}/search`, {
    body,
    signal,
  });
  return answer.models ?? [];
}

export const deleteLoggedModel = (project: Slug, id: string) =>
  request("DELETE", `${route(project)}/${encodeURIComponent(id)}`);
