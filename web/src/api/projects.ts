// GitLab's routes for projects, as far as the pages use them.

import { apiOf, type Slug } from "../lib/project.ts";
import { request, send } from "./client.ts";

export interface Project {
  id: number;
  path_with_namespace: string;
  description: string;
  visibility: string;
  archived: boolean;
  last_activity_at: string;
  permissions: Record<"project_access" | "group_access", { access_level: number } | null>;
}

export interface ProjectPage {
  items: Project[];
  /** The number of the next page; empty at the end. */
  next: string;
}

export async function listProjects(
  search: string | undefined,
  page: string,
  signal: AbortSignal,
): Promise<ProjectPage> {
  const query = { search, page, per_page: 50, order_by: "last_activity_at", search_namespaces: true };
  const response = await send("GET", "api/v4/projects", { query, signal });
  return { items: (await response.json()) as Project[], next: response.headers.get("x-next-page") ?? "" };
}

export const getProject = (slug: Slug, signal?: AbortSignal) =>
  request<Project>("GET", apiOf(slug), { signal });

const DEVELOPER = 30;

/** Whether somebody with these roles may change what is in the project. */
export function mayWrite(project: Project, administrator: boolean): boolean {
  const { project_access, group_access } = project.permissions;
  const level = Math.max(project_access?.access_level ?? 0, group_access?.access_level ?? 0);
  return !project.archived && (administrator || level >= DEVELOPER);
}
