// How a project is named in the pages' own addresses, in the API's, and in the browser's address bar.

/** A project's full path with `~`, which no path has, for its slashes: one segment of the router's addresses. */
export type Slug = string;

export function slugOf(path: string): Slug {
  return path.replaceAll("/", "~");
}

export function pathOf(slug: Slug): string {
  return slug.replaceAll("~", "/");
}

/** Where the API of the project begins, below the base path. */
export function apiOf(slug: Slug): string {
  return `api/v4/projects/${encodeURIComponent(pathOf(slug))}`;
}

/** First segments that no project's path has: the server keeps them for its own pages. */
const OWN_PAGES = /^\/(api|groups|projects|admin)\//;

/**
 * `/group/project/-/ml/models` as the router sees it: `/p/group~project/-/ml/models`. A project's own address leads to
 * its first page. A group's is `/groups/group/subgroup`, and `/g/group~subgroup` inside.
 */
export function toRouter(pathname: string): string {
  const group = /^\/groups\/(?!new\/?$)(.+?)\/?$/.exec(pathname)?.[1];
  if (group) return `/g/${slugOf(group)}`;
  if (OWN_PAGES.test(pathname)) return pathname;
  const project = /^\/([^/]+(?:\/[^/]+)+)\/?$/.exec(pathname)?.[1];
  if (project && !/(^|\/)-(\/|$)/.test(project)) return `/p/${slugOf(project)}/-/ml`;
  const found = /^\/(.+?)\/-(\/.*)?$/.exec(pathname);
  if (!found?.[1]) return pathname;
  return `/p/${slugOf(found[1])}/-${found[2] ?? ""}`;
}

/** The other way round. */
export function toAddress(pathname: string): string {
  const group = /^\/g\/([^/]+)$/.exec(pathname)?.[1];
  if (group) return `/groups/${pathOf(group)}`;
  const found = /^\/p\/([^/]+)\/-(\/.*)?$/.exec(pathname);
  if (!found?.[1]) return pathname;
  return `/${pathOf(found[1])}/-${found[2] ?? ""}`;
}

/** MLflow's client prints addresses such as `…/ml/mlflow/#/experiments/1/runs/<id>`; this is what they mean. */
export function readMlflowHash(hash: string): {
  experiment?: string;
  run?: string;
  model?: string;
  version?: string;
} {
  const parts =
    hash
      .replace(/^#?\/?/, "")
      .split("?")[0]
      ?.split("/")
      .map(decodeURIComponent) ?? [];
  if (parts[0] === "experiments" && parts[1]) {
    return parts[2] === "runs" && parts[3]
      ? { experiment: parts[1], run: parts[3] }
      : { experiment: parts[1] };
  }
  if (parts[0] === "models" && parts[1]) {
    return parts[2] === "versions" && parts[3] ? { model: parts[1], version: parts[3] } : { model: parts[1] };
  }
  return {};
}
