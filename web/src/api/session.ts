// Who is signed in, signing in and out, one's sessions and password.

import { request, setCsrfToken } from "./client.ts";
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];
type Current = Schemas["Current"];
export type Methods = Schemas["Methods"];
export type SessionInfo = Schemas["SessionInfo"];

export interface Session {
  id: number;
  username: string;
  name: string;
  email: string | null;
  administrator: boolean;
  /** There is nothing to sign out of on a server where everybody is root. */
  signedIn: boolean;
  /** How; empty where nobody signs in. */
  method: string;
}

/** Not signed in is a 401, thrown as any other. */
export const getSession = async (signal?: AbortSignal): Promise<Session> =>
  keep(await request<Current>("GET", "-/session", { signal }));

export const getMethods = (signal?: AbortSignal) => request<Methods>("GET", "-/sign-in/methods", { signal });

export async function signIn(username: string, password: string): Promise<void> {
  keep(await request<Current>("POST", "-/session", { body: { username, password } }));
}

export async function signOut(): Promise<void> {
  await request("DELETE", "-/session");
  setCsrfToken(undefined);
}

export const listSessions = async (signal: AbortSignal): Promise<SessionInfo[]> =>
  (await request<Schemas["Sessions"]>("GET", "-/sessions", { signal })).sessions;

export const endSession = (id: number) => request("DELETE", `-/sessions/${id}`);

/** Here, too. */
export async function signOutEverywhere(): Promise<void> {
  await request("DELETE", "-/sessions");
  setCsrfToken(undefined);
}

/** `current` may be left out for some minutes after a one-time link. The session goes on under another token. */
export async function changePassword(current: string | undefined, next: string): Promise<void> {
  keep(
    await request<Current>("PUT", "-/password", {
      body: { current_password: current, new_password: next },
    }),
  );
}

function keep({ user, session, csrf_token }: Current): Session {
  setCsrfToken(csrf_token ?? "");
  return {
    id: user.id,
    username: user.username,
    name: user.name,
    email: user.email,
    administrator: user.is_admin,
    signedIn: session !== null,
    method: session?.method ?? "",
  };
}
