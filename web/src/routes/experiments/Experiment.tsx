// One experiment: its runs, their charts, and what it is.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useMayWrite } from "../../api/access.ts";
import * as mlflow from "../../api/mlflow.ts";
import { experimentQuery } from "../../api/queries.ts";
import { Badge, Empty, Failure, SkeletonRows, useTitle } from "../../components/parts.tsx";
import { type Tab, Tabs } from "../../components/Tabs.tsx";
import { toast } from "../../components/toast.tsx";
import { ChartsTab } from "./ChartsTab.tsx";
import { rememberSearch } from "./lastSearch.ts";
import { Overview } from "./Overview.tsx";
import { RunsTab } from "./RunsTab.tsx";
import { type Runs, useRuns } from "./useRuns.ts";

const TABS: Tab[] = [
  { id: "runs", label: "Runs" },
  { id: "charts", label: "Charts" },
  { id: "overview", label: "Overview" },
];

export function ExperimentPage() {
  const runs = useRuns();
  useEffect(() => rememberSearch(runs), [runs]);
  const { project, search, list } = runs;
  const experiment = useQuery(experimentQuery(project, runs.experiment));
  useTitle(experiment.data?.name ?? "Experiment");

  const tab = search.tab ?? "runs";
  const deleted = experiment.data?.lifecycle_stage === "deleted";
  const tabs = TABS.map((one) => (one.id === "runs" && list.data ? { ...one, count: runs.count } : one));

  if (experiment.isError) {
    return (
      <div className="page">
        <Failure error={experiment.error} retry={() => void experiment.refetch()} what="experiment" />
      </div>
    );
  }
  return (
    <div className={`page full ${tab === "runs" ? "fill" : ""}`}>
      <div className="page-head">
        <div className="titles">
          <nav className="crumbs" aria-label="Breadcrumb">
            <Link to="/p/$project/-/ml/experiments" params={{ project }}>
              Experiments
            </Link>
            <span aria-hidden="true">/</span>
          </nav>
          <h1>{experiment.data?.name ?? <span className="skeleton" style={{ width: 220, height: 20 }} />}</h1>
          {deleted && <Badge tone="bad">Deleted</Badge>}
        </div>
        {deleted && <Restore runs={runs} name={experiment.data?.name ?? ""} />}
      </div>
      <Tabs tabs={tabs} current={tab} label="Experiment" />
      {tab === "runs" &&
        (list.isPending ? <SkeletonRows rows={14} /> : <RunsPart runs={runs} deleted={deleted} />)}
      {tab === "charts" && <ChartsTab runs={runs} />}
      {tab === "overview" && experiment.data && <Overview experiment={experiment.data} />}
    </div>
  );
}

function RunsPart({ runs, deleted }: { runs: Runs; deleted: boolean }) {
  const { rows, filter, search, project, experiment } = runs;
  if (!deleted || rows.length > 0 || filter || search.view) return <RunsTab runs={runs} />;
  return (
    <Empty title="This experiment is deleted">
      <p>Nothing can be logged to it. Its runs were deleted with it, and come back with it.</p>
      <Link
        to="/p/$project/-/ml/experiments/$experiment"
        params={{ project, experiment }}
        search={{ view: "deleted" }}
        className="button"
      >
        Its deleted runs
      </Link>
    </Empty>
  );
}

function Restore({ runs, name }: { runs: Runs; name: string }) {
  const { project, experiment } = runs;
  const client = useQueryClient();
  const writable = useMayWrite();
  if (!writable) return null;
  const restore = async () => {
    await mlflow.restoreExperiment(project, experiment);
    toast(`Restored ${name}`);
    for (const key of ["experiment", "runs", "columns"])
      await client.invalidateQueries({ queryKey: [key, project, experiment] });
    await client.invalidateQueries({ queryKey: ["experiments", project] });
  };
  return (
    <button
      type="button"
      className="button primary"
      onClick={() =>
        void restore().catch((error: unknown) =>
          toast(error instanceof Error ? error.message : String(error)),
        )
      }
    >
      Restore
    </button>
  );
}
