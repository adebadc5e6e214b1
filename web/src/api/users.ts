// Users: who is who, and what administrators do with them.

import { address, request } from "./client.ts";
import { readPage } from "./paging.ts";
import type { components } from "./schema.d.ts";

export interface User {
  id: number;
  username: string;
  name: string;
  state: "active" | "blocked";
  /** These only of oneself and to administrators. */
  email?: string | null;
  is_admin?: boolean;
  created_at?: string;
}

export interface UserQuery {
  search?: string;
  /** Which of them. */
  state?: "active" | "blocked" | "admins";
}

const one = (id: number) => `api/v4/users/${id}`;

/** People only: bots are tokens. */
export function listUsers({ search, state }: UserQuery, page: string, signal: AbortSignal) {
  const query = { search, humans: true, order_by: "username", sort: "asc", ...(state && { [state]: true }) };
  return readPage<User>("api/v4/users", query, page, signal);
}

export interface NewUser {
  username: string;
  name: string;
  email: string;
  admin: boolean;
}

export const createUser = (body: NewUser) => request<User>("POST", "api/v4/users", { body });
export const updateUser = (id: number, body: Partial<Omit<NewUser, "username">>) =>
  request<User>("PUT", one(id), { body });
/** Oneself; the address only as an administrator. */
export const updateOwn = (body: { name?: string; email?: string }) =>
  request<User>("PUT", "api/v4/user", { body });
export const blockUser = (id: number, blocked: boolean) =>
  request("POST", `${one(id)}/${blocked ? "block" : "unblock"}`);
export const deleteUser = (id: number) => request("DELETE", one(id));

export interface SignInLink {
  url: string;
  expires_at: string;
}

/** A link that signs the user in, once. */
export async function makeSignInLink(id: number): Promise<SignInLink> {
  const made = await request<components["schemas"]["SignInLink"]>("POST", `${one(id)}/sign_in_link`);
  return { url: address(made.path.replace(/^\//, "")), expires_at: made.expires_at };
}
