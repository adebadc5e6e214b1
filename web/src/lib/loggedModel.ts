// How a logged model's status and values are shown.

import type { LoggedModelMetric } from "../api/loggedModels.ts";

const STATUS: Record<string, [tone: string, word: string]> = {
  LOGGED_MODEL_READY: ["good", "Ready"],
  LOGGED_MODEL_PENDING: ["busy", "Being written"],
  LOGGED_MODEL_UPLOAD_FAILED: ["bad", "Upload failed"],
};

export const statusOf = (status: string): [tone: string, word: string] =>
  STATUS[status] ?? ["", status.replace("LOGGED_MODEL_", "").toLowerCase().replaceAll("_", " ")];

/** The last value of each metric on each dataset, by name. */
export function latestMetrics(metrics: readonly LoggedModelMetric[]): LoggedModelMetric[] {
  const latest = new Map<string, LoggedModelMetric>();
  for (const one of metrics) {
    const key = JSON.stringify([one.key, one.dataset_name ?? "", one.dataset_digest ?? ""]);
    const known = latest.get(key);
    const newer =
      !known || one.step > known.step || (one.step === known.step && one.timestamp >= known.timestamp);
    if (newer) latest.set(key, one);
  }
  return [...latest.values()].sort(
    (a, b) =>
      a.key.localeCompare(b.key, "en") || (a.dataset_name ?? "").localeCompare(b.dataset_name ?? "", "en"),
  );
}
