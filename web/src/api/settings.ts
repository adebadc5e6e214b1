// What the pages of settings, groups and users ask the server for, with the keys under which the answers are kept.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Slug } from "../lib/project.ts";
import { type AuditQuery, listAuditEvents } from "./audit.ts";
import { type GroupQuery, getGroup, listGroupProjects, listGroups, listSubgroups } from "./groups.ts";
import { PAGED } from "./paging.ts";
import { listMembers, listPlaceTokens, type Place } from "./places.ts";
import { listSessions } from "./session.ts";
import { listOwnTokens } from "./tokens.ts";
import { getCiLink, listTrustRules } from "./trust.ts";
import { listUsers, type UserQuery } from "./users.ts";

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => listSessions(signal),
});

export const ownTokensQuery = (userId: number, state: string) =>
  infiniteQueryOptions({
    queryKey: ["tokens", "own", userId, state],
    queryFn: ({ pageParam, signal }) => listOwnTokens(userId, state, pageParam, signal),
    ...PAGED,
    enabled: userId > 0,
  });

export const placeTokensQuery = (place: Place, state: string) =>
  infiniteQueryOptions({
    queryKey: ["tokens", place, state],
    queryFn: ({ pageParam, signal }) => listPlaceTokens(place, state, pageParam, signal),
    ...PAGED,
  });

export const membersQuery = (place: Place, search: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["members", place, search],
    queryFn: ({ pageParam, signal }) => listMembers(place, search, pageParam, signal),
    ...PAGED,
    placeholderData: keepPreviousData,
  });

export const trustRulesQuery = (project: Slug) =>
  queryOptions({
    queryKey: ["trust-rules", project],
    queryFn: ({ signal }) => listTrustRules(project, signal),
  });

export const ciLinkQuery = (project: Slug) =>
  queryOptions({ queryKey: ["ci-link", project], queryFn: ({ signal }) => getCiLink(project, signal) });

export const auditQuery = (project: Slug, query: AuditQuery) =>
  infiniteQueryOptions({
    queryKey: ["audit", project, query],
    queryFn: ({ pageParam, signal }) => listAuditEvents(project, query, pageParam, signal),
    ...PAGED,
    placeholderData: keepPreviousData,
  });

export const groupsQuery = (query: GroupQuery) =>
  infiniteQueryOptions({
    queryKey: ["groups", query],
    queryFn: ({ pageParam, signal }) => listGroups(query, pageParam, signal),
    ...PAGED,
    placeholderData: keepPreviousData,
  });

export const groupQuery = (path: string) =>
  queryOptions({ queryKey: ["group", path], queryFn: ({ signal }) => getGroup(path, signal) });

export const subgroupsQuery = (path: string) =>
  infiniteQueryOptions({
    queryKey: ["groups", "in", path],
    queryFn: ({ pageParam, signal }) => listSubgroups(path, pageParam, signal),
    ...PAGED,
  });

export const groupProjectsQuery = (path: string) =>
  infiniteQueryOptions({
    queryKey: ["projects", "in", path],
    queryFn: ({ pageParam, signal }) => listGroupProjects(path, pageParam, signal),
    ...PAGED,
  });

export const usersQuery = (query: UserQuery) =>
  infiniteQueryOptions({
    queryKey: ["users", query],
    queryFn: ({ pageParam, signal }) => listUsers(query, pageParam, signal),
    ...PAGED,
    placeholderData: keepPreviousData,
  });
