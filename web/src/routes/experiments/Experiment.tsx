// One experiment: its runs, their charts, and what it is.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { experimentQuery } from "../../api/queries.ts";
import { Failure, SkeletonRows, useTitle } from "../../components/parts.tsx";
import { type Tab, Tabs } from "../../components/Tabs.tsx";
import { ChartsTab } from "./ChartsTab.tsx";
import { Overview } from "./Overview.tsx";
import { RunsTab } from "./RunsTab.tsx";
import { useRuns } from "./useRuns.ts";

const TABS: Tab[] = [
  { id: "runs", label: "Runs" },
  { id: "charts", label: "Charts" },
  { id: "overview", label: "Overview" },
];

export function ExperimentPage() {
  const runs = useRuns();
  const { project, search, list } = runs;
  const experiment = useQuery(experimentQuery(project, runs.experiment));
  useTitle(experiment.data?.name ?? "Experiment");

  const tab = search.tab ?? "runs";
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
        </div>
      </div>
      <Tabs tabs={tabs} current={tab} label="Experiment" />
      {tab === "runs" && (list.isPending ? <SkeletonRows rows={14} /> : <RunsTab runs={runs} />)}
      {tab === "charts" && <ChartsTab runs={runs} />}
      {tab === "overview" && experiment.data && <Overview experiment={experiment.data} />}
    </div>
  );
}
