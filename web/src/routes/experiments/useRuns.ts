// The runs of an experiment as its tabs show them: what the address asks for, and the answers, line by line.

import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { usePolling } from "../../api/live.ts";
import { belowQuery, columnsQuery, groupsQuery, runsByIdQuery, tableQuery } from "../../api/queries.ts";
import type { TableSearch } from "../../api/table.ts";
import { both, markClauses, readMarks, shiftOf } from "../../lib/brush.ts";
import { assignColors } from "../../lib/colors.ts";
import {
  column,
  defaultColumns,
  differing,
  orderBy,
  type RunRow,
  readList,
  readSort,
} from "../../lib/columns.ts";
import { type Below, groupRows, type Row, runRows } from "../../lib/rows.ts";
import { fixedFirst, readPairs } from "../../lib/view.ts";

export const ROUTE = "/p/$project/-/ml/experiments/$experiment";

/** As many runs as charts can draw and eyes tell apart. */
export const CHARTED = 50;
const NONE: ReadonlySet<string> = new Set();
const NOTHING: ReadonlyMap<string, Below> = new Map();
const NO_KEYS = { metrics: [], params: [], tags: [] };

/** Sets what stands in the address; the page before stays one step back only where `push` says so. */
export function useArrange() {
  const navigate = useNavigate({ from: ROUTE });
  return useCallback(
    (change: Record<string, string | undefined>, push = false) =>
      void navigate({ search: (old) => ({ ...old, ...change }), replace: !push }),
    [navigate],
  );
}

export function useRuns() {
  const { project, experiment } = useParams({ from: ROUTE });
  const search = useSearch({ from: ROUTE });
  const catalogue = useQuery(columnsQuery(project, experiment));
  const keys = catalogue.data ?? NO_KEYS;
  const sort = readSort(search.sort);
  const marks = useMemo(() => readMarks(search.brush), [search.brush]);
  const clauses = markClauses(marks);
  const filter = both(search.q, clauses);
  const shift = shiftOf(search.q, clauses);
  const ids = useMemo(
    () => (search.cols ? readList(search.cols) : defaultColumns(keys)),
    [search.cols, keys],
  );
  const asked = useMemo(() => [...new Set(ids)].sort(), [ids]);
  const deleted = search.view === "deleted";
  const ask: TableSearch = {
    filter,
    order: sort && orderBy(sort),
    state: deleted ? "deleted" : "active",
    columns: asked,
  };
  const grouped = search.by !== undefined && /^[pt]\../.test(search.by) ? search.by : undefined;
  const ready = catalogue.data !== undefined || catalogue.isError;
  // Children stand below their parents; a filter finds them wherever they are.
  const nested = Boolean(catalogue.data?.nested) && !filter && !search.flat && !deleted && !grouped;
  const poll = usePolling(10_000);
  const list = useInfiniteQuery({
    ...tableQuery(project, experiment, { ...ask, parent: nested ? "top" : undefined }),
    placeholderData: keepPreviousData,
    // The charts draw runs, also when the table shows groups.
    enabled: ready && (!grouped || search.tab === "charts"),
    // Only while the first page is all there is: asking again for many pages would be slow and shake the table.
    refetchInterval: ({ state }) =>
      state.data && state.data.pages.length === 1 && !state.error ? poll : false,
  });
  const groups = useInfiniteQuery({
    ...groupsQuery(project, experiment, ask, grouped ?? "", sort),
    placeholderData: keepPreviousData,
    enabled: ready && grouped !== undefined,
  });
  const runs = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const opened = useMemo(() => readList(search.open), [search.open]);
  const below = useBelow(opened, ask, grouped);
  const rows = useMemo(() => {
    const set = new Set(opened);
    if (!grouped) return runRows(runs, set, below);
    const [page] = groups.data?.pages ?? [];
    return page ? groupRows(page.items, page.total, set, below) : [];
  }, [runs, groups.data, grouped, opened, below]);

  const selected = useMemo(() => readList(search.sel), [search.sel]);
  const hidden = useMemo(() => new Set(readList(search.hide)), [search.hide]);
  const kept = useKept(search.pin, search.base, asked, rows);
  const drawable = useMemo(() => {
    const enough = selected.length === 0 && rows.some((row) => row.kind === "run");
    return !grouped || enough ? rows : [...rows, ...runRows(runs, NONE, NOTHING)];
  }, [grouped, selected, rows, runs]);
  const charted = useCharted(drawable, selected, hidden, kept.pinned);
  const colors = useMemo(() => assignColors(charted, readPairs(search.color)), [charted, search.color]);
  const columns = useMemo(() => {
    const fixed = readList(search.fix);
    const chosen = fixedFirst(ids, fixed).flatMap((id) => column(id) ?? []);
    const shown = search.differ ? differing(chosen, allRuns(rows)) : chosen;
    return { shown, fixed: shown.filter((one) => fixed.includes(one.id)).length };
  }, [ids, search.fix, search.differ, rows]);
  const total = list.data?.pages[0]?.total;
  const loaded = `${runs.length.toLocaleString("en")}${list.hasNextPage ? "+" : ""}`;
  const count = grouped ? undefined : (total?.toLocaleString("en") ?? loaded);
  return {
    ...{ project, experiment, search, keys, sort, marks, filter, shift, ids, ask, grouped, count, total },
    ...{ runs, rows, selected, hidden, charted, colors, columns, ready },
    list: grouped ? groups : list,
    flat: list,
    ...kept,
  };
}

export type Runs = ReturnType<typeof useRuns>;

/** Those in the lines, whether or not they stand below another. */
export function allRuns(rows: readonly Row[]): RunRow[] {
  const runs = new Map<string, RunRow>();
  for (const row of rows) if (row.kind === "run") runs.set(row.run.id, row.run);
  return [...runs.values()];
}

/** What stands below the opened lines. */
function useBelow(opened: string[], ask: TableSearch, grouped: string | undefined): Map<string, Below> {
  const { project, experiment } = useParams({ from: ROUTE });
  const asked = opened.map((id) => belowQuery(project, experiment, ask, id, grouped));
  // The same function while the lines are the same: else every turn would lay all rows anew.
  const combine = useCallback(
    (results: { data: Below | undefined; error: Error | null }[]) => {
      const below = new Map<string, Below>();
      results.forEach((result, index) => {
        const id = opened[index];
        if (id === undefined) return;
        if (result.data) below.set(id, result.data);
        else if (result.error) below.set(id, { runs: [], total: 0, problem: result.error.message });
      });
      return below;
    },
    [opened],
  );
  return useQueries({ queries: asked, combine });
}

/** The runs that stay at the top, and the baseline: both wherever in the list they are. */
function useKept(pin: string | undefined, base: string | undefined, columns: string[], rows: Row[]) {
  const { project, experiment } = useParams({ from: ROUTE });
  const ids = useMemo(() => [...new Set([...(base ? [base] : []), ...readList(pin)])], [pin, base]);
  const known = useMemo(() => {
    const wanted = new Set(ids);
    const found = new Map<string, RunRow>();
    if (wanted.size === 0) return found;
    for (const row of rows) if (row.kind === "run" && wanted.has(row.run.id)) found.set(row.run.id, row.run);
    return found;
  }, [rows, ids]);
  const missing = ids.filter((id) => !known.has(id));
  const { data } = useQuery({
    ...runsByIdQuery(project, experiment, missing, columns),
    enabled: missing.length > 0,
    placeholderData: keepPreviousData,
  });
  return useMemo(() => {
    const find = (id: string) => known.get(id) ?? data?.find((run) => run.id === id);
    const pinned = ids.flatMap((id) => find(id) ?? []);
    return { pinned, base: base === undefined ? undefined : find(base) };
  }, [ids, known, data, base]);
}

/** What the charts draw: the selected runs, else the first of the list; those at the top always, hidden ones never. */
function useCharted(
  rows: readonly Row[],
  selected: string[],
  hidden: ReadonlySet<string>,
  pinned: RunRow[],
): RunRow[] {
  return useMemo(() => {
    const set = new Set(selected);
    const found = new Map(pinned.filter((run) => !hidden.has(run.id)).map((run) => [run.id, run]));
    for (const row of rows) {
      if (found.size >= CHARTED) break;
      if (row.kind !== "run" || hidden.has(row.run.id)) continue;
      if (set.size === 0 || set.has(row.run.id)) found.set(row.run.id, row.run);
    }
    return [...found.values()];
  }, [rows, selected, hidden, pinned]);
}
