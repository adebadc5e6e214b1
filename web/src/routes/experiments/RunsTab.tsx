// The runs of an experiment: filter, columns, groups, what is done with the selected ones, and the table itself.

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { ApiError } from "../../api/client.ts";
import type * as mlflow from "../../api/mlflow.ts";
import { ColumnChooser } from "../../components/ColumnChooser.tsx";
import { FilterBar } from "../../components/FilterBar.tsx";
import { FirstSteps } from "../../components/FirstSteps.tsx";
import { Icon } from "../../components/Icon.tsx";
import { Menu } from "../../components/Menu.tsx";
import { copyText, Empty, Failure } from "../../components/parts.tsx";
import { toast } from "../../components/toast.tsx";
import { allColumns, column, nextSort, readList, readSort, writeList } from "../../lib/columns.ts";
import { useShortcut } from "../../lib/shortcut.ts";
import { moved, readPairs, toggled, writePairs } from "../../lib/view.ts";
import { Brushes } from "./Brushes.tsx";
import type { RunActions, RunMarks } from "./Cells.tsx";
import { exportCsv } from "./exportCsv.ts";
import { type OpenMenu, RunMenu } from "./RunMenu.tsx";
import { RunsTable } from "./RunsTable.tsx";
import { Selection } from "./Selection.tsx";
import type { ColumnActions } from "./TableHead.tsx";
import { type Runs, useArrange } from "./useRuns.ts";

/** A mean and its spread need more room than a value. */
const SPREAD_WIDTH = 164;

export function RunsTab({ runs }: { runs: Runs }) {
  const { project, experiment, search, list, selected, rows } = runs;
  const arrange = useArrange();
  const navigate = useNavigate();
  const deleted = search.view === "deleted";
  const problem =
    list.error instanceof ApiError && list.error.status === 400 ? list.error.message : undefined;
  const select = (ids: string[]) => arrange({ sel: writeList(ids) || undefined });
  const compare = () =>
    void navigate({
      to: "/p/$project/-/ml/compare",
      params: { project },
      search: { runs: writeList(selected), base: search.base, color: writePairs(colorsOf(runs, selected)) },
    });
  useShortcut("c", compare, selected.length > 1);

  return (
    <>
      <Tools runs={runs} problem={problem} />
      <Brushes marks={runs.marks} change={(brush) => arrange({ brush })} />
      {selected.length > 0 && (
        <Selection
          project={project}
          experiment={experiment}
          selected={selected}
          pin={search.pin}
          hide={search.hide}
          rows={rows}
          select={select}
          deleted={deleted}
          compare={compare}
          arrange={arrange}
        />
      )}
      {list.isError && !problem && (
        <Failure error={list.error} retry={() => void list.refetch()} what="list of runs" />
      )}
      {rows.length > 0 ? (
        <Table runs={runs} select={select} />
      ) : (
        !list.isError && <Nothing runs={runs} filtered={Boolean(runs.filter)} deleted={deleted} />
      )}
    </>
  );
}

/** The colours that these runs have now, for a page that shows only them. */
function colorsOf(runs: Runs, ids: string[]): Map<string, number> {
  return new Map(
    ids.flatMap((id) => {
      const place = runs.colors.get(id);
      return place === undefined ? [] : [[id, place] as const];
    }),
  );
}

function Tools({ runs, problem }: { runs: Runs; problem: string | undefined }) {
  const { search, keys, ids, selected, grouped } = runs;
  const arrange = useArrange();
  const deleted = search.view === "deleted";
  const groupable = allColumns(keys).filter((one) => one.kind === "param" || one.kind === "tag");
  const save = () => {
    exportCsv({ ...runs, search: runs.ask, columns: runs.columns.shown, chosen: selected }).catch(
      (error: unknown) => toast(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <div className="row wrap" style={{ alignItems: "flex-start" }}>
      <FilterBar
        value={search.q ?? ""}
        change={(q) => arrange({ q: q || undefined }, true)}
        words={keys}
        problem={problem}
        shift={runs.shift}
      />
      <select
        className="input"
        style={{ width: "auto", maxWidth: 150 }}
        aria-label="Group by"
        value={grouped ?? ""}
        onChange={(event) => arrange({ by: event.target.value || undefined, open: undefined })}
      >
        <option value="">No groups</option>
        {grouped && !groupable.some((one) => one.id === grouped) && (
          <option value={grouped}>{grouped.slice(2)}</option>
        )}
        {groupable.map((one) => (
          <option key={one.id} value={one.id}>
            {one.kind === "tag" ? `tag ${one.title}` : one.title}
          </option>
        ))}
      </select>
      <ColumnChooser
        all={allColumns(keys)}
        shown={ids}
        change={(next) => arrange({ cols: next && writeList(next) })}
        custom={search.cols !== undefined}
      />
      <button
        type="button"
        className="button"
        aria-pressed={Boolean(search.differ)}
        onClick={() => arrange({ differ: search.differ ? undefined : "1" })}
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
            label: selected.length > 0 ? "Export selected as CSV" : "Export all that match as CSV",
            run: save,
          },
          {
            label: search.flat ? "Nested runs below their parents" : "All runs in one list",
            run: () => arrange({ flat: search.flat ? undefined : "1", open: undefined }),
          },
          {
            label: "Draw hidden runs again",
            disabled: !search.hide,
            run: () => arrange({ hide: undefined }),
          },
          {
            label: deleted ? "Show active runs" : "Show deleted runs",
            run: () => arrange({ sel: undefined, view: deleted ? undefined : "deleted" }, true),
          },
        ]}
      />
    </div>
  );
}

function Table({ runs, select }: { runs: Runs; select: (ids: string[]) => void }) {
  const { project, search, rows, columns, list, selected, hidden, base, colors, sort, grouped } = runs;
  const arrange = useArrange();
  const [menu, setMenu] = useState<OpenMenu>();
  const columnActions = useColumnActions(runs);
  const widths = useMemo(() => {
    const found = readPairs(search.w);
    if (!grouped) return found;
    const wide = columns.shown.filter((one) => one.kind === "metric" && !found.has(one.id));
    return new Map([...found, ...wide.map((one) => [one.id, Math.max(one.width, SPREAD_WIDTH)] as const)]);
  }, [search.w, grouped, columns.shown]);
  const marks = useMemo<RunMarks>(
    () => ({ selected: new Set(selected), hidden, base, color: (id) => colors.get(id) }),
    [selected, hidden, base, colors],
  );
  const { sel, open, hide, pin, color } = search;
  const actions = useMemo<RunActions>(
    () => ({
      toggle: (id) => arrange({ sel: toggled(sel, id) }),
      open: (id) => arrange({ open: toggled(open, id) }),
      hide: (id) => arrange({ hide: toggled(hide, id) }),
      menu: (run, button) => setMenu({ run, button }),
    }),
    [arrange, sel, open, hide],
  );
  const fetch = list.fetchNextPage;
  const more = useCallback(() => void fetch(), [fetch]);
  const nested = rows.some((row) => row.kind === "run" && (row.open !== undefined || row.depth > 0));
  return (
    <>
      <RunsTable
        project={project}
        rows={rows}
        pinned={runs.pinned}
        columns={columns.shown}
        fixed={columns.fixed}
        widths={widths}
        sort={sort}
        columnActions={columnActions}
        marks={marks}
        actions={actions}
        selected={selected}
        select={select}
        tree={grouped !== undefined || nested}
        top={grouped ? `Run, by ${column(grouped)?.title ?? grouped}` : "Run"}
        more={list.hasNextPage && !list.isFetchingNextPage ? more : undefined}
        loading={list.isFetchingNextPage}
        total={grouped ? rows.length : runs.total}
        stale={list.isPlaceholderData}
      />
      {menu && (
        <RunMenu
          open={menu}
          close={() => setMenu(undefined)}
          hidden={hidden.has(menu.run.id)}
          pinned={readList(pin).includes(menu.run.id)}
          base={base?.id === menu.run.id}
          color={colors.get(menu.run.id)}
          hide={actions.hide}
          pin={(id) => arrange({ pin: toggled(pin, id) })}
          setBase={(id) => arrange({ base: id })}
          setColor={(id, place) => arrange({ color: writePairs(new Map(readPairs(color)).set(id, place)) })}
          copy={(id) => void copyText(id).then(() => toast("Copied the run id"))}
        />
      )}
    </>
  );
}

/** They change the address only: what columns there are is read from it again. */
function useColumnActions(runs: Runs): ColumnActions {
  const arrange = useArrange();
  const { ids, search } = runs;
  const { fix, w, sort } = search;
  return useMemo(() => {
    const setColumns = (next: string[]) => arrange({ cols: writeList(next) });
    const write = (next: { id: string; descending: boolean } | undefined) =>
      arrange({ sort: next && `${next.descending ? "-" : ""}${next.id}` });
    return {
      sort: (id, descending) =>
        write(descending === undefined ? nextSort(readSort(sort), id) : { id, descending }),
      unsort: () => write(undefined),
      fix: (id, on) => arrange({ fix: toggled(fix, id, on) }),
      place: (id, target) => {
        const held = readList(fix);
        arrange({ cols: writeList(moved(ids, id, target)), fix: toggled(fix, id, held.includes(target)) });
      },
      step: (id, by) => {
        const held = readList(fix);
        const beside = ids.filter((one) => held.includes(one) === held.includes(id));
        const target = beside[beside.indexOf(id) + by];
        if (target) setColumns(moved(ids, id, target));
      },
      hide: (id) => setColumns(ids.filter((one) => one !== id)),
      add: (id, after) => {
        if (!ids.includes(id)) setColumns(ids.flatMap((one) => (one === after ? [one, id] : [one])));
      },
      resize: (id, width) => arrange({ w: writePairs(new Map(readPairs(w)).set(id, width)) }),
      group: (id) => arrange({ by: id, open: undefined }),
    };
  }, [arrange, ids, fix, w, sort]);
}

function Nothing({ runs, filtered, deleted }: { runs: Runs; filtered: boolean; deleted: boolean }) {
  const { project, experiment } = runs;
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
