// Several runs side by side: what is different, beside one that is the reference, and their charts below.

import { useQueries } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ApiError } from "../../api/client.ts";
import type { Run } from "../../api/mlflow.ts";
import { runQuery } from "../../api/queries.ts";
import { Charts } from "../../components/charts/Charts.tsx";
import { Empty, Failure, SkeletonRows, StatusBadge, useTitle } from "../../components/parts.tsx";
import { assignColors, seriesColor } from "../../lib/colors.ts";
import { catalogue, readList, writeList } from "../../lib/columns.ts";
import { type Comparison, compareRuns, type Line, type Signature } from "../../lib/compare.ts";
import { formatNumber, plural } from "../../lib/format.ts";
import type { Slug } from "../../lib/project.ts";
import { readPairs } from "../../lib/view.ts";
import { lastSearch } from "../experiments/lastSearch.ts";
import { signatureQuery } from "./signature.ts";

const ROUTE = "/p/$project/-/ml/compare";
/** More columns than anybody reads. */
const MOST = 30;

export function CompareRuns() {
  const { project } = useParams({ from: ROUTE });
  const search = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const asked = readList(search.runs);
  const ids = asked.slice(0, MOST);
  const queries = useQueries({ queries: ids.map((id) => runQuery(project, id)) });
  useTitle(`Compare ${plural(ids.length, "run")}`);
  const unknown = ids.filter((_, index) => isUnknown(queries[index]?.error));
  const failed = queries.find((query) => query.isError && !isUnknown(query.error));
  const found = queries.flatMap((query) => query.data ?? []);
  const pending = queries.some((query) => query.isPending);
  const base = found.find((run) => run.id === search.base) ?? found[0];
  // The reference stands first, where it stays in view.
  const runs = base ? [base, ...found.filter((run) => run !== base)] : [];
  const all = search.all === "1";
  const colors = assignColors(
    ids.map((id) => ({ id })),
    readPairs(search.color),
  );
  return (
    <div className="page full">
      <div className="page-head">
        <div className="titles">
          <nav className="crumbs" aria-label="Breadcrumb">
            <Link to="/p/$project/-/ml/experiments" params={{ project }}>
              Experiments
            </Link>
            {base && (
              <>
                <span aria-hidden="true">/</span>
                <Link
                  to="/p/$project/-/ml/experiments/$experiment"
                  params={{ project, experiment: base.experimentId }}
                  search={{
                    ...lastSearch(project, base.experimentId),
                    tab: undefined,
                    sel: writeList(asked),
                    color: search.color,
                  }}
                >
                  Runs
                </Link>
              </>
            )}
            <span aria-hidden="true">/</span>
          </nav>
          <h1>Compare {plural(ids.length, "run")}</h1>
        </div>
        <label className="row">
          <input
            type="checkbox"
            checked={!all}
            onChange={(event) =>
              void navigate({
                search: (old) => ({ ...old, all: event.target.checked ? undefined : "1" }),
                replace: true,
              })
            }
          />
          Only what differs
        </label>
      </div>
      {failed && <Failure error={failed.error} what="run" />}
      {ids.length === 0 && (
        <Empty title="Nothing to compare">
          <p>Select runs in the table of an experiment, then press Compare.</p>
        </Empty>
      )}
      {asked.length > MOST && (
        <div className="notice warn">
          These are the first {MOST} of the {asked.length.toLocaleString("en")} selected runs: more columns
          than these nobody reads.
        </div>
      )}
      {unknown.length > 0 && (
        <div className="notice warn" role="alert">
          {unknown.length === 1 ? "There is no such run here: " : "There are no such runs here: "}
          <span className="mono">{unknown.join(", ")}</span>
        </div>
      )}
      {pending && <SkeletonRows />}
      {base && !pending && (
        <>
          <Table runs={runs} base={base} all={all} colors={colors} />
          <h2>Charts</h2>
          <Charts runs={runs} colors={colors} metrics={catalogue(runs).metrics} loading={false} />
        </>
      )}
    </div>
  );
}

const isUnknown = (error: unknown) => error instanceof ApiError && error.status === 404;

/** Of the models that the runs logged, as they come; a model that cannot be read has none. */
function useSignatures(project: Slug, runs: readonly Run[]): ReadonlyMap<string, Signature> {
  const found = useQueries({ queries: runs.map((run) => signatureQuery(project, run.experimentId, run.id)) });
  return new Map(runs.flatMap((run, index) => (found[index]?.data ? [[run.id, found[index].data]] : [])));
}

interface TableProps {
  runs: Run[];
  base: Run;
  all: boolean;
  colors: ReadonlyMap<string, number>;
}

function Table({ runs, base, all, colors }: TableProps) {
  const { project } = useParams({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const comparison: Comparison = compareRuns(runs, base, all, useSignatures(project, runs));
  const sections = comparison.filter((section) => section.lines.length > 0);
  return (
    <div className="card table-scroll">
      <table className="data compare">
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">Name</span>
            </th>
            {runs.map((run) => (
              <th key={run.id} scope="col" className={run === base ? "pinned" : undefined}>
                <span className="row">
                  <span
                    className="swatch"
                    style={{
                      width: 8,
                      height: 8,
                      borderRadius: 4,
                      background: seriesColor(colors.get(run.id) ?? 0),
                    }}
                  />
                  <Link
                    to="/p/$project/-/ml/candidates/$run"
                    params={{ project, run: run.id }}
                    className="truncate"
                  >
                    {run.name || run.id.slice(0, 12)}
                  </Link>
                </span>
                <span className="row" style={{ marginTop: 4 }}>
                  <StatusBadge status={run.status} />
                  {run === base ? (
                    <span className="quiet">reference</span>
                  ) : (
                    <button
                      type="button"
                      className="link"
                      onClick={() =>
                        void navigate({ search: (old) => ({ ...old, base: run.id }), replace: true })
                      }
                    >
                      make reference
                    </button>
                  )}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        {sections.map((section) => (
          <tbody key={section.title}>
            <tr className="section">
              <th colSpan={runs.length + 1} scope="rowgroup">
                {section.title}
              </th>
            </tr>
            {section.lines.map((line) => (
              <tr key={line.key}>
                <th scope="row">{line.key}</th>
                {line.cells.map((cell, index) => (
                  <td
                    key={runs[index]?.id}
                    // Measurements always differ: marking them would mark everything.
                    className={`${section.numeric ? "num" : `mono ${cell.changed ? "changed" : ""}`} ${index === 0 ? "pinned" : ""}`}
                  >
                    <Cell line={line} index={index} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      {sections.length === 0 && <p className="body quiet">Nothing differs.</p>}
    </div>
  );
}

function Cell({ line, index }: { line: Line; index: number }) {
  const cell = line.cells[index];
  if (cell?.value === undefined) return <span className="quiet">–</span>;
  if (typeof cell.value === "string") return <>{cell.value}</>;
  return (
    <>
      <span title={String(cell.value)}>{formatNumber(cell.value)}</span>
      {cell.delta !== undefined && cell.delta !== 0 && (
        <span className="quiet">
          {" "}
          {cell.delta > 0 ? "+" : ""}
          {formatNumber(cell.delta)}
        </span>
      )}
    </>
  );
}
