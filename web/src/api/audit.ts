// The audit log of a project.

import { apiOf, type Slug } from "../lib/project.ts";
import { readPage } from "./paging.ts";
import type { components } from "./schema.d.ts";

export type AuditEvent = components["schemas"]["AuditEventInfo"];

export interface AuditQuery {
  created_after?: string;
  created_before?: string;
}

export const listAuditEvents = (project: Slug, query: AuditQuery, page: string, signal: AbortSignal) =>
  readPage<AuditEvent>(`${apiOf(project)}/audit_events`, { ...query }, page, signal);
