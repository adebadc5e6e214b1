// Which CI jobs a project trusts, and the CI that it is linked to.

import { apiOf, type Slug } from "../lib/project.ts";
import { ApiError, request } from "./client.ts";
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];
export type TrustRule = Schemas["TrustRuleInfo"];
export type NewTrustRule = Schemas["CreateTrustRule"];
export type CiLink = Schemas["CiLinkInfo"];
export type NewCiLink = Schemas["PutCiLink"];

const rules = (project: Slug) => `${apiOf(project)}/ml/trust_rules`;
const link = (project: Slug) => `${apiOf(project)}/ml/ci_link`;

export const listTrustRules = (project: Slug, signal: AbortSignal) =>
  request<TrustRule[]>("GET", rules(project), { signal });

export const createTrustRule = (project: Slug, body: NewTrustRule) =>
  request<TrustRule>("POST", rules(project), { body });

export const deleteTrustRule = (project: Slug, id: number) => request("DELETE", `${rules(project)}/${id}`);

/** `null` where there is none. */
export async function getCiLink(project: Slug, signal: AbortSignal): Promise<CiLink | null> {
  try {
    return await request<CiLink>("GET", link(project), { signal });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

export const putCiLink = (project: Slug, body: NewCiLink) => request<CiLink>("PUT", link(project), { body });
export const deleteCiLink = (project: Slug) => request("DELETE", link(project));
