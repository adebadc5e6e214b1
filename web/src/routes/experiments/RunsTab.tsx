// The runs of an experiment: filter, columns, what is done with the selected ones, and the table itself.

import { type useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { useMayWrite } from "../../api/access.ts";
import { ApiError } from "../../api/client.ts";
import * as mlflow from "../../api/mlflow.ts";
import { ColumnChooser } from "../../components/ColumnChooser.tsx";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { FilterBar } from "../../components/FilterBar.tsx";
import { FirstSteps } from "../../components/FirstSteps.tsx";
import { Icon } from "../../components/Icon.tsx";
import { Menu } from "../../components/Menu.tsx";
import { Empty, Failure } from "../../components/parts.tsx";
import { toast } from "../../components/toast.tsx";
import {
  allColumns,
  catalogue,
  column,
  defaultColumns,
  differing,
  nextSort,
  readList,
  type Sort,
  text,
  writeList,
} from "../../lib/columns.ts";
import { saveText } from "../../lib/download.ts";
import { plural } from "../../lib/format.ts";
import { csvLine } from "../../lib/preview.ts";
import { useShortcut } from "../../lib/shortcut.ts";
import { RunsTable } from "./RunsTable.tsx";

const ROUTE = "/p/$project/-/ml/experiments/$experiment";

interface Props {
  list: ReturnType<typeof useInfiniteQuery>;
  runs: mlflow.Run[];
  sort: Sort | undefined;
  selected: string[];
  select: (ids: string[]) => void;
}

export function RunsTab({ list, runs, sort, selected, select }: Props) {
  const { project, experiment } = useParams({ from: ROUTE });
  const search = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const client = useQueryClient();
  const writable = useMayWrite();
  const [asked, setAsked] = useState<"delete" | "restore">();
  const keys = useMemo(() => catalogue(runs), [runs]);
  // A filter that finds nothing, or fails, must not take the words of the completion away.
  const words = useRef(keys);
  if (runs.length > 0) words.current = keys;

  const ids = useMemo(
    () => (search.cols ? readList(search.cols) : defaultColumns(keys)),
    [search.cols, keys],
  );
  const columns = useMemo(() => {
    const chosen = ids.flatMap((id) => column(id) ?? []);
    return search.differ ? differing(chosen, runs) : chosen;
  }, [ids, search.differ, runs]);

  const deleted = search.view === "deleted";
  const problem =
    list.error instanceof ApiError && list.error.status === 400 ? list.error.message : undefined;
  const compare = () =>
    void navigate({
      to: "/p/$project/-/ml/compare",
      params: { project },
      search: { runs: writeList(selected) },
    });
  useShortcut("c", compare, selected.length > 1);

  const setColumns = (next: string[] | undefined) =>
    void navigate({ search: (old) => ({ ...old, cols: next && writeList(next) }), replace: true });

  function exportCsv() {
    const head = ["Run id", "Run name", ...columns.map((one) => `${one.kind}.${one.key}`)];
    const chosen = selected.length > 0 ? runs.filter((run) => selected.includes(run.id)) : runs;
    const lines = chosen.map((run) => csvLine([run.id, run.name, ...columns.map((one) => text(run, one))]));
    saveText("runs.csv", "text/csv", `${[csvLine(head), ...lines].join("\r\n")}\r\n`);
  }

  async function forAll(act: (id: string) => Promise<unknown>, done: string) {
    for (const id of selected) await act(id);
    toast(`${done} ${plural(selected.length, "run")}`);
    select([]);
    await client.invalidateQueries({ queryKey: ["runs", project, experiment] });
  }

  return (
    <>
      <div className="row wrap" style={{ alignItems: "flex-start" }}>
        <FilterBar
          value={search.q ?? ""}
          change={(q) => void navigate({ search: (old) => ({ ...old, q: q || undefined }) })}
          words={words.current}
          problem={problem}
        />
        <ColumnChooser
          all={allColumns(words.current)}
          shown={ids}
          change={setColumns}
          custom={search.cols !== undefined}
        />
        <button
          type="button"
          className="button"
          aria-pressed={Boolean(search.differ)}
          onClick={() =>
            void navigate({
              search: (old) => ({ ...old, differ: old.differ ? undefined : "1" }),
              replace: true,
            })
          }
        >
          Differences only
        </button>
        <Menu
          trigger={
            <button type="button" className="button icon" aria-label="More">
              <Icon name="more" />
            </button>
          }
          actions={[
            {
              label: selected.length > 0 ? "Export selected as CSV" : "Export shown runs as CSV",
              run: exportCsv,
            },
            {
              label: deleted ? "Show active runs" : "Show deleted runs",
              run: () => {
                void navigate({
                  search: (old) => ({ ...old, sel: undefined, view: deleted ? undefined : "deleted" }),
                });
              },
            },
          ]}
        />
      </div>
      {selected.length > 0 && (
        <div className="row wrap selection" role="region" aria-label="Selected runs">
          <strong>{plural(selected.length, "run")} selected</strong>
          <button
            type="button"
            className="button small primary"
            disabled={selected.length < 2}
            onClick={compare}
          >
            Compare
          </button>
          {writable && (
            <button
              type="button"
              className={`button small ${deleted ? "" : "danger"}`}
              onClick={() => setAsked(deleted ? "restore" : "delete")}
            >
              {deleted ? "Restore" : "Delete"}
            </button>
          )}
          <button type="button" className="button small plain" onClick={() => select([])}>
            Clear
          </button>
        </div>
      )}
      {list.isError && !problem && (
        <Failure error={list.error} retry={() => void list.refetch()} what="list of runs" />
      )}
      {runs.length > 0 ? (
        <RunsTable
          project={project}
          runs={runs}
          columns={columns}
          sort={sort}
          setSort={(id) => {
            const next = nextSort(sort, id);
            const written = next && `${next.descending ? "-" : ""}${next.id}`;
            void navigate({ search: (old) => ({ ...old, sort: written }), replace: true });
          }}
          selected={selected}
          select={select}
          more={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
          loading={list.isFetchingNextPage}
          stale={list.isPlaceholderData}
        />
      ) : (
        !list.isError && <Nothing filtered={Boolean(search.q)} deleted={deleted} />
      )}
      {asked && (
        <ConfirmDialog
          title={`${asked === "delete" ? "Delete" : "Restore"} ${plural(selected.length, "run")}?`}
          verb={asked === "delete" ? "Delete" : "Restore"}
          danger={asked === "delete"}
          close={() => setAsked(undefined)}
          submit={() =>
            asked === "delete"
              ? forAll((id) => mlflow.deleteRun(project, id), "Deleted")
              : forAll((id) => mlflow.restoreRun(project, id), "Restored")
          }
        >
          {asked === "delete"
            ? "They can be restored from the list of deleted runs."
            : "They appear among the active runs again."}
        </ConfirmDialog>
      )}
    </>
  );
}

function Nothing({ filtered, deleted }: { filtered: boolean; deleted: boolean }) {
  const { project, experiment } = useParams({ from: ROUTE });
  const client = useQueryClient();
  const known = client.getQueryData<mlflow.Experiment>(["experiment", project, experiment]);
  if (filtered) return <Empty title="No run matches the filter" />;
  if (deleted) return <Empty title="No run is deleted" />;
  return (
    <Empty title="No runs yet">
      <p>The first run appears here by itself as soon as it arrives.</p>
      <FirstSteps experiment={known?.name ?? "Default"} />
    </Empty>
  );
}
