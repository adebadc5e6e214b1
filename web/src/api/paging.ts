// Lists of GitLab's routes, page by page.

import { type QueryValue, send } from "./client.ts";

export interface RestPage<T> {
  items: T[];
  /** The number of the next page; empty at the end. */
  next: string;
}

export async function readPage<T>(
  path: string,
  query: Record<string, QueryValue>,
  page: string,
  signal?: AbortSignal,
): Promise<RestPage<T>> {
  const response = await send("GET", path, { query: { per_page: 50, ...query, page }, signal });
  return { items: (await response.json()) as T[], next: response.headers.get("x-next-page") ?? "" };
}

/** What all such lists are asked with. */
export const PAGED = {
  initialPageParam: "1",
  getNextPageParam: (page: RestPage<unknown>) => page.next || undefined,
};
