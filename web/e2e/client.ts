// Reads what the seed made, through the API, so that the tests know its ids.

import { inject } from "vitest";

const base = () => `${inject("url")}/api/v4/projects/1/ml/mlflow/api/2.0/mlflow`;

export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${base()}/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

export async function experimentId(name: string): Promise<string> {
  const response = await fetch(
    `${base()}/experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`,
  );
  const { experiment } = (await response.json()) as { experiment: { experiment_id: string } };
  return experiment.experiment_id;
}

export interface WireRun {
  info: { run_id: string; run_name: string };
}

/** Those of the sweep, best first. */
export async function bestRuns(most: number, filter?: string): Promise<WireRun[]> {
  const experiment = await experimentId("churn-gradient-boosting");
  const body = {
    experiment_ids: [experiment],
    order_by: ["metrics.`val/auc` DESC"],
    max_results: most,
    filter,
  };
  return (await post<{ runs: WireRun[] }>("runs/search", body)).runs;
}

export async function runsOf(name: string): Promise<WireRun[]> {
  const body = { experiment_ids: [await experimentId(name)], max_results: 10 };
  return (await post<{ runs: WireRun[] }>("runs/search", body)).runs;
}

/** The run that has files. */
export async function runWithFiles(): Promise<WireRun> {
  const runs = await bestRuns(60, "status = 'FINISHED'");
  for (const run of runs) {
    const response = await fetch(`${base()}/artifacts/list?run_id=${run.info.run_id}`);
    const { files } = (await response.json()) as { files?: unknown[] };
    if (files && files.length > 0) return run;
  }
  throw new Error("no run has files");
}

/** What a version of the seed was made from, for another one. */
export async function anySource(): Promise<string> {
  const response = await fetch(`${base()}/model-versions/get?name=churn&version=1`);
  const { model_version } = (await response.json()) as { model_version: { source: string } };
  return model_version.source;
}
