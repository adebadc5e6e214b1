// What the pages ask the server for, with the keys under which the answers are kept.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { both } from "../lib/brush.ts";
import type { Sort } from "../lib/columns.ts";
import { isQuotable, oneOf, quoteValue } from "../lib/filter.ts";
import type { Slug } from "../lib/project.ts";
import { type Below, groupClause, readGroupId } from "../lib/rows.ts";
import { listFiles, type TreeId } from "./files.ts";
import { getLoggedModel, listOfRun } from "./loggedModels.ts";
import * as mlflow from "./mlflow.ts";
import { PAGED } from "./paging.ts";
import { getProject, listProjects } from "./projects.ts";
import * as registry from "./registry.ts";
import { getSeries, type SeriesAsk } from "./series.ts";
import { getSession } from "./session.ts";
import { listColumns, searchGroups, searchTable, type TableSearch } from "./table.ts";
import * as tracking from "./tracking.ts";

const MINUTE = 60_000;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => getSession(signal),
  staleTime: 5 * MINUTE,
});

export const projectsQuery = (search: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["projects", search],
    queryFn: ({ pageParam, signal }) => listProjects(search, pageParam, signal),
    ...PAGED,
    placeholderData: keepPreviousData,
  });

export const projectQuery = (project: Slug) =>
  queryOptions({
    queryKey: ["project", project],
    queryFn: ({ signal }) => getProject(project, signal),
    staleTime: 5 * MINUTE,
    enabled: project !== "",
  });

export const experimentsQuery = (project: Slug, search: tracking.ListExperiments) =>
  infiniteQueryOptions({
    queryKey: ["experiments", project, search],
    queryFn: ({ pageParam, signal }) =>
      tracking.listExperiments(project, { ...search, max_results: 50, page_token: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const experimentQuery = (project: Slug, id: string) =>
  queryOptions({
    queryKey: ["experiment", project, id],
    queryFn: ({ signal }) => mlflow.getExperiment(project, id, signal),
  });

/** Where the runs of a model are. */
export const modelExperimentQuery = (project: Slug, model: string) =>
  queryOptions({
    queryKey: ["experiment", project, `[model]${model}`],
    queryFn: ({ signal }) => mlflow.getExperimentByName(project, `[model]${model}`, signal),
  });

export type RunSearch = Pick<mlflow.SearchRuns, "filter" | "order_by" | "run_view_type">;

const RUN_PAGE = 100;

/** Whole runs, for lists that are no table. */
export const runsQuery = (project: Slug, experiment: string, search: RunSearch) =>
  infiniteQueryOptions({
    queryKey: ["runs", project, experiment, "search", search],
    queryFn: ({ pageParam, signal }) =>
      mlflow.searchRuns(
        project,
        { ...search, experiment_ids: [experiment], max_results: RUN_PAGE, page_token: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    // A wrong filter is the reader's to mend: asking again helps nobody.
    retry: false,
  });

/** The first page is small, so that it is there at once; the others are large, so that scrolling does not wait. */
const FIRST_PAGE = 100;
const NEXT_PAGE = 500;

export const tableQuery = (project: Slug, experiment: string, search: TableSearch) =>
  infiniteQueryOptions({
    queryKey: ["runs", project, experiment, "table", search],
    queryFn: ({ pageParam, signal }) =>
      searchTable(project, experiment, search, pageParam ? NEXT_PAGE : FIRST_PAGE, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    // A wrong filter is the reader's to mend: asking again helps nobody.
    retry: false,
  });

/** One page, of so many runs at most. */
export const tablePageQuery = (project: Slug, experiment: string, search: TableSearch, most: number) =>
  queryOptions({
    queryKey: ["runs", project, experiment, "page", search, most],
    queryFn: ({ signal }) => searchTable(project, experiment, search, most, undefined, signal),
    retry: false,
  });

export const groupsQuery = (
  project: Slug,
  experiment: string,
  search: TableSearch,
  by: string,
  sort: Sort | undefined,
) =>
  infiniteQueryOptions({
    queryKey: ["runs", project, experiment, "groups", search, by, sort],
    queryFn: ({ signal }) => searchGroups(project, experiment, search, by, sort, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    retry: false,
  });

/** As many runs as are shown below an opened line. */
const BELOW = 200;

/** What stands below an opened line: the children of a run, or the runs of a group. */
export const belowQuery = (
  project: Slug,
  experiment: string,
  search: TableSearch,
  id: string,
  by: string | undefined,
) => {
  const value = by === undefined ? undefined : readGroupId(id);
  const ask: TableSearch =
    by !== undefined && value
      ? { ...search, filter: both(search.filter, [groupClause(by, value.value)]), parent: undefined }
      : { ...search, filter: undefined, parent: id };
  return queryOptions({
    queryKey: ["runs", project, experiment, "below", ask],
    queryFn: async ({ signal }): Promise<Below> => {
      if (value?.value !== undefined && !isQuotable(value.value))
        throw new Error("No filter can name a value with both kinds of quotes");
      const page = await searchTable(project, experiment, ask, BELOW, undefined, signal);
      return { runs: page.items, total: page.total ?? page.items.length };
    },
    placeholderData: keepPreviousData,
    retry: false,
  });
};

export const runsByIdQuery = (project: Slug, experiment: string, ids: string[], columns: string[]) =>
  queryOptions({
    queryKey: ["runs", project, experiment, "ids", ids, columns],
    queryFn: async ({ signal }) => {
      const search: TableSearch = { filter: oneOf(ids), order: undefined, state: "all", columns };
      return (await searchTable(project, experiment, search, ids.length, undefined, signal)).items;
    },
    retry: false,
  });

export const columnsQuery = (project: Slug, experiment: string) =>
  queryOptions({
    queryKey: ["columns", project, experiment],
    queryFn: ({ signal }) => listColumns(project, experiment, signal),
    refetchInterval: MINUTE / 2,
  });

export const candidateQuery = (project: Slug, candidate: string) =>
  queryOptions({
    queryKey: ["candidate", project, candidate],
    queryFn: ({ signal }) => tracking.getCandidate(project, candidate, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const runQuery = (project: Slug, id: string) =>
  queryOptions({
    queryKey: ["run", project, id],
    queryFn: ({ signal }) => mlflow.getRun(project, id, signal),
  });

export const seriesQuery = (project: Slug, ask: SeriesAsk) =>
  queryOptions({
    // Runs by themselves: a change of one concerns the answer.
    queryKey: ["series", project, ask.runs, ask],
    queryFn: ({ signal }) => getSeries(project, ask, signal),
    placeholderData: keepPreviousData,
  });

export const provenanceQuery = (project: Slug, runId: string) =>
  queryOptions({
    queryKey: ["provenance", project, runId],
    queryFn: ({ signal }) => registry.getProvenance(project, runId, signal),
    staleTime: MINUTE,
  });

export const loggedModelsQuery = (project: Slug, experiment: string, runId: string) =>
  queryOptions({
    queryKey: ["logged-models", project, runId],
    queryFn: ({ signal }) => listOfRun(project, experiment, runId, signal),
  });

export const loggedModelQuery = (project: Slug, id: string) =>
  queryOptions({
    queryKey: ["logged-model", project, id],
    queryFn: ({ signal }) => getLoggedModel(project, id, signal),
  });

export const artifactsQuery = (project: Slug, tree: TreeId, path: string) =>
  queryOptions({
    queryKey: ["artifacts", project, tree, path],
    queryFn: ({ signal }) => listFiles(project, tree, path, signal),
  });

export const modelsQuery = (project: Slug, filter: string | undefined, order: string) =>
  infiniteQueryOptions({
    queryKey: ["models", project, filter, order],
    queryFn: ({ pageParam, signal }) =>
      mlflow.searchModels(
        project,
        { filter, order_by: [order], max_results: 30, page_token: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const modelQuery = (project: Slug, name: string) =>
  queryOptions({
    queryKey: ["model", project, name],
    queryFn: ({ signal }) => mlflow.getModel(project, name, signal),
  });

export const versionsQuery = (project: Slug, name: string) =>
  infiniteQueryOptions({
    queryKey: ["versions", project, name],
    queryFn: ({ pageParam, signal }) =>
      mlflow.searchVersions(
        project,
        { filter: `name = ${quoteValue(name)}`, max_results: 1000, page_token: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

export const versionQuery = (project: Slug, name: string, version: string) =>
  queryOptions({
    queryKey: ["version", project, name, version],
    queryFn: ({ signal }) => registry.getVersion(project, name, version, signal),
  });

export const eventsQuery = (project: Slug, name: string) =>
  infiniteQueryOptions({
    queryKey: ["events", project, name],
    queryFn: ({ pageParam, signal }) =>
      registry.listEvents(project, name, { max_results: 50, page_token: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_page_token ?? undefined,
  });

/** What the command palette finds by a part of a name: in the project, in the experiment, and other projects. */
export const foundQuery = (project: Slug, experiment: string, text: string) =>
  queryOptions({
    queryKey: ["found", project, experiment, text],
    queryFn: async ({ signal }) => {
      const like = (field: string) => `${field} ILIKE ${quoteValue(`%${text}%`)}`;
      const max_results = 8;
      // What of the project the reader may not see is not found; the rest is.
      const or = <T>(asked: Promise<{ items: T[] }>) =>
        asked.then(({ items }) => items.slice(0, max_results)).catch((): T[] => []);
      const [experiments, models, runs, projects] = await Promise.all([
        project ? or(mlflow.searchExperiments(project, { filter: like("name"), max_results }, signal)) : [],
        project ? or(mlflow.searchModels(project, { filter: like("name"), max_results }, signal)) : [],
        experiment
          ? or(
              mlflow.searchRuns(
                project,
                { experiment_ids: [experiment], filter: like("attributes.run_name"), max_results },
                signal,
              ),
            )
          : [],
        or(listProjects(text, "1", signal)),
      ]);
      return { experiments, models, runs, projects };
    },
    staleTime: MINUTE / 2,
  });

export const comparisonQuery = (project: Slug, name: string, from: string, to: string) =>
  queryOptions({
    queryKey: ["compare", project, name, from, to],
    queryFn: ({ signal }) => registry.compareVersions(project, name, from, to, signal),
    retry: false,
  });
