// The runs of a model's own experiment: GitLab's clients log there what led to its versions.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { modelExperimentQuery, runsQuery } from "../../api/queries.ts";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Empty, Failure, SkeletonRows, StatusBadge, Time } from "../../components/parts.tsx";
import { formatNumber } from "../../lib/format.ts";
import type { Slug } from "../../lib/project.ts";

/** Metrics that fit into one line. */
const METRICS = 3;

export function ModelRuns({ project, model }: { project: Slug; model: string }) {
  const experiment = useQuery(modelExperimentQuery(project, model));
  const id = experiment.data?.experiment_id ?? "";
  const query = useInfiniteQuery({
    ...runsQuery(project, id, { order_by: ["attributes.start_time DESC"], run_view_type: "ACTIVE_ONLY" }),
    enabled: id !== "",
  });
  const runs = query.data?.pages.flatMap((page) => page.items) ?? [];
  const error = experiment.error ?? query.error;
  if (error) return <Failure error={error} what="list of runs" />;
  if (query.isPending) return <SkeletonRows />;
  if (runs.length === 0) {
    return (
      <Empty title="No runs yet">
        <p>Each version is a run; others are logged to the experiment “[model]{model}”.</p>
      </Empty>
    );
  }
  return (
    <>
      <div className="row">
        <Link
          to="/p/$project/-/ml/experiments/$experiment"
          params={{ project, experiment: id }}
          className="button"
        >
          Open as experiment
        </Link>
      </div>
      <div className="card table-scroll">
        <table className="data">
          <thead>
            <tr>
              <th>Run</th>
              <th>Status</th>
              <th className="only-large">Metrics</th>
              <th className="only-large">Created by</th>
              <th>Created</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id}>
                <th scope="row">
                  <Link to="/p/$project/-/ml/candidates/$run" params={{ project, run: run.id }}>
                    {run.name || run.id}
                  </Link>
                </th>
                <td>
                  <StatusBadge status={run.status} />
                </td>
                <td className="only-large quiet">
                  {[...run.metrics]
                    .slice(0, METRICS)
                    .map(([key, value]) => `${key} ${formatNumber(value)}`)
                    .join(", ")}
                </td>
                <td className="only-large">{run.tags.get("mlflow.user") || run.user}</td>
                <td>
                  <Time at={run.startedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <MoreButton query={query} />
    </>
  );
}
