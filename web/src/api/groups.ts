// GitLab's routes for groups.

import { request } from "./client.ts";
import { readPage } from "./paging.ts";
import type { Project, Visibility } from "./projects.ts";
import type { components } from "./schema.d.ts";

export type Group = components["schemas"]["Group"] & { visibility: Visibility };

export interface GroupQuery {
  search?: string;
  /** Those in which one has this role or a higher one. */
  min_access_level?: number;
}

const one = (path: string | number) => `api/v4/groups/${encodeURIComponent(path)}`;

export const listGroups = ({ search, min_access_level }: GroupQuery, page: string, signal: AbortSignal) =>
  readPage<Group>("api/v4/groups", { search, min_access_level }, page, signal);

export const getGroup = (path: string, signal: AbortSignal) => request<Group>("GET", one(path), { signal });

export const listSubgroups = (path: string, page: string, signal: AbortSignal) =>
  readPage<Group>(`${one(path)}/subgroups`, {}, page, signal);

export const listGroupProjects = (path: string, page: string, signal: AbortSignal) =>
  readPage<Project>(`${one(path)}/projects`, {}, page, signal);

export interface NewGroup {
  name: string;
  path: string;
  description: string;
  visibility: Visibility;
  parent_id?: number;
}

export const createGroup = (body: NewGroup) => request<Group>("POST", "api/v4/groups", { body });

export type GroupChange = Partial<Pick<Group, "name" | "path" | "description" | "visibility">>;

export const updateGroup = (id: number, body: GroupChange) => request<Group>("PUT", one(id), { body });
export const deleteGroup = (id: number) => request("DELETE", one(id));
export const restoreGroup = (id: number) => request<Group>("POST", `${one(id)}/restore`);
