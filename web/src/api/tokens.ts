// Access tokens, and the routes for one's own.

import { request } from "./client.ts";
import { readPage } from "./paging.ts";

export interface Token {
  id: number;
  name: string;
  description: string | null;
  revoked: boolean;
  active: boolean;
  created_at: string;
  scopes: string[];
  user_id: number;
  last_used_at: string | null;
  /** The day at whose beginning it ends. */
  expires_at: string | null;
  /** Of a project's or a group's token. */
  access_level?: number;
  /** Only in the answer that makes it. */
  token?: string;
}

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
