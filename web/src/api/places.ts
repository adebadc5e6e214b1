// What projects and groups have in common: members and access tokens.

import { request } from "./client.ts";
import { readPage } from "./paging.ts";
import type { NewToken, Token } from "./tokens.ts";

export interface Place {
  kind: "project" | "group";
  path: string;
}

const api = ({ kind, path }: Place) => `api/v4/${kind}s/${encodeURIComponent(path)}`;

export interface Member {
  id: number;
  username: string;
  name: string;
  state: "active" | "blocked";
  access_level: number;
  created_at: string;
  expires_at: string | null;
  /** The group that the role comes from, or the user whose namespace it is; `null` for a direct member. */
  inherited_from: string | null;
}

/** Those of the groups above, too. */
export const listMembers = (place: Place, query: string | undefined, page: string, signal: AbortSignal) =>
  readPage<Member>(`${api(place)}/members/all`, { query }, page, signal);

/** An empty text is no end. */
interface Membership {
  access_level: number;
  expires_at: string;
}

export const addMember = (place: Place, username: string, body: Membership) =>
  request<Member>("POST", `${api(place)}/members`, { body: { username, ...body } });

export const updateMember = (place: Place, id: number, body: Membership) =>
  request<Member>("PUT", `${api(place)}/members/${id}`, { body });

/** Oneself, too: that is leaving. */
export const removeMember = (place: Place, id: number) => request("DELETE", `${api(place)}/members/${id}`);

export const listPlaceTokens = (place: Place, state: string, page: string, signal: AbortSignal) =>
  readPage<Token>(`${api(place)}/access_tokens`, { state }, page, signal);

export const createPlaceToken = (place: Place, body: NewToken & { access_level: number }) =>
  request<Token>("POST", `${api(place)}/access_tokens`, { body });

export const rotatePlaceToken = (place: Place, id: number, expires_at: string) =>
  request<Token>("POST", `${api(place)}/access_tokens/${id}/rotate`, { body: { expires_at } });

export const revokePlaceToken = (place: Place, id: number) =>
  request("DELETE", `${api(place)}/access_tokens/${id}`);
