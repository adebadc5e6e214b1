// One experiment: its runs, their charts, and what it is.

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { experimentQuery, type RunSearch, runsQuery } from "../../api/queries.ts";
import { Charts } from "../../components/Charts.tsx";
import { Failure, SkeletonRows, useTitle } from "../../components/parts.tsx";
import { type Tab, Tabs } from "../../components/Tabs.tsx";
import { orderBy, readList, readSort, writeList } from "../../lib/columns.ts";
import { Overview } from "./Overview.tsx";
import { RunsTab } from "./RunsTab.tsx";

export const ROUTE = "/p/$project/-/ml/experiments/$experiment";

const TABS: Tab[] = [
  { id: "runs", label: "Runs" },
  { id: "charts", label: "Charts" },
  { id: "overview", label: "Overview" },
];

/** Without a selection, the charts show this many runs: the first of the table. */
const CHARTED = 12;

export function ExperimentPage() {
  const { project, experiment: id } = useParams({ from: ROUTE });
  const search = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const experiment = useQuery(experimentQuery(project, id));
  useTitle(experiment.data?.name ?? "Experiment");

  const sort = readSort(search.sort);
  const deleted = search.view === "deleted";
  const asked: RunSearch = {
    filter: search.q,
    order_by: [(sort && orderBy(sort)) ?? "attributes.start_time DESC"],
    run_view_type: deleted ? "DELETED_ONLY" : "ACTIVE_ONLY",
  };
  const list = useInfiniteQuery({
    ...runsQuery(project, id, asked),
    placeholderData: keepPreviousData,
    // Only while the first page is all there is: asking again for many pages would be slow and shake the table.
    refetchInterval: ({ state }) =>
      state.data && state.data.pages.length === 1 && !state.error ? 10_000 : false,
  });
  const runs = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const selected = useMemo(() => readList(search.sel), [search.sel]);
  const select = (ids: string[]) =>
    void navigate({ search: (old) => ({ ...old, sel: writeList(ids) || undefined }), replace: true });

  const tab = search.tab ?? "runs";
  const more = list.hasNextPage ? "+" : "";
  const tabs = TABS.map((one) =>
    one.id === "runs" && list.data ? { ...one, count: `${runs.length.toLocaleString("en")}${more}` } : one,
  );

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
      {tab === "runs" &&
        (list.isPending ? (
          <SkeletonRows rows={14} />
        ) : (
          <RunsTab list={list} runs={runs} sort={sort} selected={selected} select={select} />
        ))}
      {tab === "charts" && (
        <Charts
          runs={
            selected.length > 0 ? runs.filter((run) => selected.includes(run.id)) : runs.slice(0, CHARTED)
          }
          order={selected}
          loading={list.isPending}
          note={
            selected.length > 0
              ? undefined
              : `The first ${Math.min(CHARTED, runs.length)} runs of the table. Select runs there to see others.`
          }
        />
      )}
      {tab === "overview" && experiment.data && <Overview experiment={experiment.data} />}
    </div>
  );
}
