// The charts of an experiment's runs: their histories, or their values against each other.

import { lazy, Suspense } from "react";
import { Charts } from "../../components/charts/Charts.tsx";
import { Failure, SkeletonRows } from "../../components/parts.tsx";
import { plural } from "../../lib/format.ts";
import { Brushes } from "./Brushes.tsx";
import { CHARTED, type Runs, useArrange } from "./useRuns.ts";

const Compared = lazy(() => import("./Compared.tsx"));

const PLOTS = [
  { id: undefined, label: "Over time" },
  { id: "parallel", label: "Parallel coordinates" },
  { id: "scatter", label: "Scatter" },
];

export function ChartsTab({ runs }: { runs: Runs }) {
  const { search, charted, colors, keys, list, flat, selected, hidden } = runs;
  const arrange = useArrange();
  const plot = search.plot === "parallel" || search.plot === "scatter" ? search.plot : undefined;
  // Groups have a list of their own; the runs that are drawn are in the other.
  const failed = [list, flat].find((one) => one.isLoadingError);
  return (
    <>
      <div className="row wrap">
        <div className="segments" role="group" aria-label="Kind of chart">
          {PLOTS.map(({ id, label }) => (
            <button
              key={label}
              type="button"
              className="button small"
              aria-pressed={plot === id}
              onClick={() => arrange({ plot: id })}
            >
              {label}
            </button>
          ))}
        </div>
        <Brushes marks={runs.marks} change={(brush) => arrange({ brush })} />
      </div>
      {plot ? (
        <Suspense fallback={<SkeletonRows />}>
          <Compared runs={runs} plot={plot} />
        </Suspense>
      ) : failed ? (
        <Failure error={failed.error} retry={() => void failed.refetch()} what="list of runs" />
      ) : (
        <Charts
          runs={charted}
          colors={colors}
          metrics={keys.metrics}
          loading={list.isPending || flat.isPending || !runs.ready}
          note={note(charted.length, selected.length, hidden.size)}
          none={none(runs)}
        />
      )}
    </>
  );
}

/** Why no run is drawn. */
function none({ selected, hidden, filter }: Runs): string {
  if (selected.length > 0) return "None of the selected runs is in the list, or they are hidden from charts";
  if (hidden.size > 0) return "All runs that match are hidden from charts";
  return filter ? "No run matches the filter" : "No runs to draw yet";
}

function note(drawn: number, selected: number, hidden: number): string | undefined {
  const without = hidden > 0 ? `, without ${plural(hidden, "hidden run")}` : "";
  if (selected > 0) return `The ${plural(drawn, "selected run")}${without}.`;
  if (drawn < CHARTED && hidden === 0) return undefined;
  return `The first ${plural(drawn, "run")} of the table${without}. Select runs there to see others.`;
}
