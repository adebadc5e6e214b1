// Access tokens, and the routes for one's own.

import { request } from "./client.ts";
import { readPage } from "./paging.ts";
import type { components } from "./schema.d.ts";

export type Token = components["schemas"]["AccessToken"];

export interface NewToken {
  name: string;
  scopes: string[];
  expires_at: string;
}

const TOKENS = "api/v4/personal_access_tokens";

export const listOwnTokens = (user_id: number, state: string, page: string, signal: AbortSignal) =>
  readPage<Token>(TOKENS, { user_id, state }, page, signal);

export const createOwnToken = (body: NewToken) =>
  request<Token>("POST", "api/v4/user/personal_access_tokens", { body });

export const rotateOwnToken = (id: number, expires_at: string) =>
  request<Token>("POST", `${TOKENS}/${id}/rotate`, { body: { expires_at } });

export const revokeOwnToken = (id: number) => request("DELETE", `${TOKENS}/${id}`);
