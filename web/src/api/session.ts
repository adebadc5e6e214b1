// Who is signed in, and signing in and out.

import { request, setCsrfToken } from "./client.ts";
import type { components } from "./schema.d.ts";

type Current = components["schemas"]["Current"];
export type Methods = components["schemas"]["Methods"];

export interface Session {
  username: string;
  name: string;
  administrator: boolean;
  /** There is nothing to sign out of on a server where everybody is root. */
  signedIn: boolean;
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

function keep({ user, session, csrf_token }: Current): Session {
  setCsrfToken(csrf_token ?? "");
  return {
    username: user.username,
    name: user.name,
    administrator: user.is_admin,
    signedIn: session !== null,
  };
}
