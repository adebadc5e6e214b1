// What the pages ask the server for, with the keys under which the answers are kept.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { quoteValue } from "../lib/filter.ts";
import type { Slug } from "../lib/project.ts";
import { listFiles, type TreeId } from "./files.ts";
import { getLoggedModel, listOfRun } from "./loggedModels.ts";
import * as mlflow from "./mlflow.ts";
import { getProject, listProjects } from "./projects.ts";
import * as registry from "./registry.ts";
import { getSession } from "./session.ts";

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
    initialPageParam: "1",
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  });

export const projectQuery = (project: Slug) =>
  queryOptions({
    queryKey: ["project", project],
    queryFn: ({ signal }) => getProject(project, signal),
    staleTime: 5 * MINUTE,
    enabled: project !== "",
  });

export type ExperimentSearch = Omit<mlflow.SearchExperiments, "max_results" | "page_token">;

export const experimentsQuery = (project: Slug, search: ExperimentSearch) =>
  infiniteQueryOptions({
    queryKey: ["experiments", project, search],
    queryFn: ({ pageParam, signal }) =>
      mlflow.searchExperiments(project, { ...search, max_results: 50, page_token: pageParam }, signal),
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

/** The newest run: what an experiment's last activity is, until the server says it with the list. */
export const newestRunQuery = (project: Slug, id: string) =>
  queryOptions({
    queryKey: ["newest-run", project, id],
    queryFn: async ({ signal }) => {
      const body = { experiment_ids: [id], max_results: 1, order_by: ["attributes.start_time DESC"] };
      return (await mlflow.searchRuns(project, body, signal)).items[0] ?? null;
    },
    staleTime: MINUTE / 2,
  });

export type RunSearch = Pick<mlflow.SearchRuns, "filter" | "order_by" | "run_view_type">;

export const RUN_PAGE = 100;

export const runsQuery = (project: Slug, experiment: string, search: RunSearch) =>
  infiniteQueryOptions({
    queryKey: ["runs", project, experiment, search],
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

export const runQuery = (project: Slug, id: string) =>
  queryOptions({
    queryKey: ["run", project, id],
    queryFn: ({ signal }) => mlflow.getRun(project, id, signal),
  });

export const seriesQuery = (project: Slug, runIds: string[], key: string, most: number, live = false) =>
  queryOptions({
    queryKey: ["series", project, key, most, runIds],
    queryFn: ({ signal }) => mlflow.getSeries(project, runIds, key, most, signal),
    staleTime: live ? 0 : 5 * MINUTE,
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
