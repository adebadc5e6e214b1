// The table of an experiment's runs, column by column as the server answers it, run by run as the pages look at it.

import { type Catalogue, column, type RunRow } from "../lib/columns.ts";
import { apiOf, type Slug } from "../lib/project.ts";
import type { Group } from "../lib/rows.ts";
import { request } from "./client.ts";
import { number, type Page } from "./mlflow.ts";
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export interface TableSearch {
  filter: string | undefined;
  /** As the server takes it. */
  order: string | undefined;
  state: "active" | "deleted" | "all";
  /** Ids of the columns that are shown. */
  columns: readonly string[];
  /** `top`: only runs without a parent; a run's id: its children; else all in one list. */
  parent?: string;
}

export interface TablePage extends Page<RunRow> {
  /** How many match altogether, where the server could count them quickly. */
  total: number | undefined;
}

/** What one request may name, and the characters of texts that one answer may hold. */
const MOST_KEYS = 500;
const MOST_CHARACTERS = 50_000_000;

export async function searchTable(
  project: Slug,
  experiment: string,
  search: TableSearch,
  most: number,
  token?: string,
  signal?: AbortSignal,
  textLimit = 250,
): Promise<TablePage> {
  const columns = tableColumns(search, textLimit);
  const texts = Math.max(1, columns.params.length + columns.tags.length);
  const body: Schemas["TableRequest"] = {
    columns,
    filter: search.filter ?? "",
    order_by: [search.order ?? "attributes.start_time DESC"],
    lifecycle: search.state,
    parent: search.parent,
    max_results: Math.max(1, Math.min(most, Math.floor(MOST_CHARACTERS / (texts * textLimit)))),
    page_token: token,
  };
  const path = `${apiOf(project)}/ml/experiments/${encodeURIComponent(experiment)}/table`;
  const table = await request<Schemas["RunTable"]>("POST", path, { body, signal });
  return {
    items: readTable(table),
    next: table.next_page_token ?? undefined,
    total: table.total ?? undefined,
  };
}

/** The server's names for the columns: every metric once, with the values that are shown of it. */
function tableColumns(search: TableSearch, textLimit: number) {
  const metrics = new Map<string, Set<"last" | "min" | "max">>();
  const [params, tags] = [new Set<string>(), new Set<string>()];
  const attributes: Schemas["Attribute"][] = ["name", "status", "user_id", "started_at", "ended_at"];
  for (const id of search.columns) {
    const one = column(id);
    if (one?.kind === "metric") metrics.set(one.key, (metrics.get(one.key) ?? new Set()).add(one.stat));
    if (one?.kind === "param") params.add(one.key);
    if (one?.kind === "tag") tags.add(one.key);
    // Who and what made a run is in tags of MLflow's.
    if (one?.id === "a.user") tags.add("mlflow.user");
    if (one?.id === "a.source") tags.add("mlflow.source.name");
  }
  if (search.parent !== undefined) attributes.push("children");
  if (search.state === "all") attributes.push("lifecycle_stage");
  return {
    attributes,
    metrics: [...metrics].slice(0, MOST_KEYS).map(([key, values]) => ({ key, values: [...values] })),
    params: [...params].slice(0, MOST_KEYS),
    tags: [...tags].slice(0, MOST_KEYS),
    text_limit: textLimit,
  };
}

/** One line of columns that are kept as they came: a hundred thousand runs with maps of their own would fill memory. */
class Line<T> {
  readonly columns: ReadonlyMap<string, readonly (T | null)[]>;
  readonly row: number;

  constructor(columns: ReadonlyMap<string, readonly (T | null)[]>, row: number) {
    this.columns = columns;
    this.row = row;
  }

  get(key: string): T | undefined {
    return this.columns.get(key)?.[this.row] ?? undefined;
  }
}

type Cells = (number | string | null)[] | null | undefined;

function readTable(table: Schemas["RunTable"]): RunRow[] {
  const numbers = (pick: (cells: Schemas["MetricCells"]) => Cells) =>
    new Map(
      table.metrics.map((cells) => [
        cells.key,
        (pick(cells) ?? []).map((value) => (value === null ? null : number(value))),
      ]),
    );
  const last = numbers((cells) => cells.last);
  const lows = numbers((cells) => cells.min);
  const highs = numbers((cells) => cells.max);
  const params = new Map(table.params.map((cells) => [cells.key, cells.values]));
  const tags = new Map(table.tags.map((cells) => [cells.key, cells.values]));
  const { name, status, user_id, started_at, ended_at, children, lifecycle_stage } = table.attributes;
  return table.run_ids.map((id, row) => ({
    id,
    iid: table.iids[row],
    name: name?.[row] ?? "",
    user: user_id?.[row] ?? "",
    status: (status?.[row] ?? "RUNNING") as RunRow["status"],
    startedAt: time(started_at?.[row]),
    endedAt: time(ended_at?.[row]),
    deleted: lifecycle_stage?.[row] === "deleted",
    children: children?.[row],
    metrics: new Line(last, row),
    lows: new Line(lows, row),
    highs: new Line(highs, row),
    params: new Line(params, row),
    tags: new Line(tags, row),
  }));
}

const time = (text: string | null | undefined) => (text ? Date.parse(text) : undefined);

/** Of one request. */
const GROUPED_METRICS = 20;
const GROUPS = 1000;

export interface GroupPage extends Page<Group> {
  total: number;
}

export async function searchGroups(
  project: Slug,
  experiment: string,
  search: TableSearch,
  by: string,
  sort: { id: string; descending: boolean } | undefined,
  signal?: AbortSignal,
): Promise<GroupPage> {
  const shown = search.columns.flatMap((id) => column(id) ?? []).filter((one) => one.kind === "metric");
  const sorted = sort && column(sort.id);
  const ordered = sorted?.kind === "metric" ? [sorted.key] : [];
  const metrics = [...new Set([...ordered, ...shown.map((one) => one.key)])].slice(0, GROUPED_METRICS);
  const body: Schemas["GroupsRequest"] = {
    ...(by.startsWith("p.") ? { param: by.slice(2) } : { tag: by.slice(2) }),
    metrics,
    filter: search.filter ?? "",
    lifecycle: search.state,
    order_by:
      sorted?.kind === "metric"
        ? {
            by: ({ last: "mean", min: "min", max: "max" } as const)[sorted.stat],
            metric: sorted.key,
            descending: sort?.descending ?? false,
          }
        : { by: "value", descending: sort?.id === by && sort.descending },
    max_results: GROUPS,
  };
  const path = `${apiOf(project)}/ml/experiments/${encodeURIComponent(experiment)}/groups`;
  const found = await request<Schemas["RunGroups"]>("POST", path, { body, signal });
  const items = found.values.map((value, index): Group => {
    const own = new Map<string, { mean: number; spread: number | undefined }>();
    for (const { key, mean, std_dev } of found.metrics) {
      const middle = mean[index];
      const spread = std_dev[index];
      if (middle !== null && middle !== undefined)
        own.set(key, {
          mean: number(middle),
          spread: spread === null || spread === undefined ? undefined : number(spread),
        });
    }
    return { value: value ?? undefined, count: found.runs[index] ?? 0, metrics: own };
  });
  return { items, next: undefined, total: found.total };
}

export interface Columns extends Catalogue {
  /** Whether a run names another one as its parent. */
  nested: boolean;
}

export async function listColumns(project: Slug, experiment: string, signal?: AbortSignal): Promise<Columns> {
  const path = `${apiOf(project)}/ml/experiments/${encodeURIComponent(experiment)}/columns`;
  const found = await request<Schemas["Columns"]>("GET", path, { query: { state: "all" }, signal });
  const keys = (list: { key: string }[]) => list.map(({ key }) => key);
  return {
    metrics: keys(found.metrics),
    params: keys(found.params),
    tags: keys(found.tags),
    nested: found.tags.some(({ key }) => key === "mlflow.parentRunId"),
  };
}
