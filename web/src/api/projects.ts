// GitLab's routes for projects, as far as the pages use them.

import { apiOf, type Slug } from "../lib/project.ts";
import { DEVELOPER, OWNER } from "../lib/role.ts";
import { request } from "./client.ts";
import { type RestPage, readPage } from "./paging.ts";

/** For whom a part of a project is on. */
export type FeatureAccess = "disabled" | "private" | "enabled";
/** The number of the latest release that a model version raises when nobody chose its version. */
export type VersionPart = "patch" | "minor" | "major";
export type Visibility = "private" | "internal" | "public";

export interface Project {
  id: number;
  name: string;
  path: string;
  path_with_namespace: string;
  description: string;
  visibility: Visibility;
  archived: boolean;
  last_activity_at: string;
  model_experiments_access_level: FeatureAccess;
  model_registry_access_level: FeatureAccess;
  version_part: VersionPart;
  /** The day at whose beginning it goes. */
  marked_for_deletion_on: string | null;
  namespace: { id: number; kind: "group" | "user"; full_path: string };
  permissions: Record<"project_access" | "group_access", { access_level: number } | null>;
}

export const listProjects = (
  search: string | undefined,
  page: string,
  signal: AbortSignal,
): Promise<RestPage<Project>> =>
  readPage(
    "api/v4/projects",
    { search, order_by: "last_activity_at", search_namespaces: true },
    page,
    signal,
  );

export const getProject = (slug: Slug, signal?: AbortSignal) =>
  request<Project>("GET", apiOf(slug), { signal });

export type ProjectChange = Partial<
  Pick<
    Project,
    | "name"
    | "path"
    | "description"
    | "visibility"
    | "model_experiments_access_level"
    | "model_registry_access_level"
    | "version_part"
  >
>;

export interface NewProject {
  name: string;
  path: string;
  description: string;
  visibility: Visibility;
  /** Left out: one's own. */
  namespace_id?: number;
}

export const createProject = (body: NewProject) => request<Project>("POST", "api/v4/projects", { body });

/** By number: its path may be what changes. */
const one = (id: number) => `api/v4/projects/${id}`;

export const updateProject = (id: number, body: ProjectChange) => request<Project>("PUT", one(id), { body });

export const archiveProject = (id: number, archived: boolean) =>
  request<Project>("POST", `${one(id)}/${archived ? "archive" : "unarchive"}`);

export const deleteProject = (id: number) => request("DELETE", one(id));

export const restoreProject = (id: number) => request<Project>("POST", `${one(id)}/restore`);

/** At once, one that waits to be deleted. */
export const removeProject = (id: number, full_path: string) =>
  request("DELETE", one(id), { query: { permanently_remove: true, full_path } });

/** The number of the role that somebody has in the project; 0 for none. */
export function roleIn(project: Project, administrator: boolean): number {
  const { project_access, group_access } = project.permissions;
  return administrator ? OWNER : Math.max(project_access?.access_level ?? 0, group_access?.access_level ?? 0);
}

/** Whether somebody with these roles may change what is in the project. */
export function mayWrite(project: Project, administrator: boolean): boolean {
  const open = !project.archived && project.marked_for_deletion_on === null;
  return open && roleIn(project, administrator) >= DEVELOPER;
}
