// One stream of server-sent events for the project of the page: what it tells makes answers stale that depend on it.

import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { backoff, type Change, concerns, gatherFor, merge } from "../lib/live.ts";
import { apiOf, type Slug } from "../lib/project.ts";
import { address } from "./client.ts";

/** `lost`: it was tried, and does not work at the moment. */
export type Live = "off" | "connecting" | "open" | "lost";

let live: Live = "off";
const waiting = new Set<() => void>();

function become(next: Live) {
  if (live === next) return;
  live = next;
  for (const tell of waiting) tell();
}

function subscribe(tell: () => void) {
  waiting.add(tell);
  return () => waiting.delete(tell);
}

export const useLive = (): Live => useSyncExternalStore(subscribe, () => live);

/** How often to ask again by oneself: not at all while the server tells what changes. */
export const usePolling = (ms: number): number | false => (useLive() === "lost" ? ms : false);

/** The server gives a sign of life every ten seconds. */
const SILENCE_MS = 35_000;
/** A tab that nobody sees gives its connection back: browsers have six for all tabs. */
const HIDDEN_MS = 20_000;

/** Watches the project until the returned function is called. */
export function watch(project: Slug, client: QueryClient): () => void {
  const gather = gatherer(project, client);
  let source: EventSource | undefined;
  let lastId = "";
  let attempt = 0;
  let again: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;

  function close() {
    source?.close();
    source = undefined;
    clearTimeout(again);
    clearTimeout(silence);
  }

  function lose(wait = backoff(attempt, Math.random())) {
    close();
    attempt += 1;
    become("lost");
    again = setTimeout(open, wait);
  }

  function hear(event: Event) {
    clearTimeout(silence);
    silence = setTimeout(lose, SILENCE_MS);
    if (event instanceof MessageEvent && event.lastEventId) lastId = event.lastEventId;
  }

  function open() {
    close();
    if (live !== "lost") become("connecting");
    // Not the browser's own way to come back: that waits the same time for ever, and ends for good at an error.
    const query = { last_event_id: lastId || undefined };
    const stream = new EventSource(address(`${apiOf(project)}/ml/events`, query));
    source = stream;
    silence = setTimeout(lose, SILENCE_MS);
    const first = lastId === "";
    stream.addEventListener("ready", (event) => {
      hear(event);
      attempt = 0;
      become("open");
      // What was asked for before the stream began may be old already.
      if (first) gather.all();
    });
    stream.addEventListener("change", (event) => {
      hear(event);
      gather.add(JSON.parse(event.data) as Change);
    });
    stream.addEventListener("refetch", (event) => {
      hear(event);
      gather.all();
    });
    stream.addEventListener("beat", hear);
    stream.addEventListener("end", (event) => {
      const { reason } = JSON.parse((event as MessageEvent<string>).data) as { reason: string };
      if (reason !== "access") return lose();
      // The next answer says why, and leads to the sign-in page where that is it.
      void client.invalidateQueries({ queryKey: ["project", project] });
      lose(30_000);
    });
    stream.onerror = () => lose();
  }

  const seen = () => {
    clearTimeout(hiding);
    if (document.visibilityState === "hidden") {
      hiding = setTimeout(() => {
        close();
        become("off");
      }, HIDDEN_MS);
    } else if (!source) open();
  };
  // The network is back: no reason to wait any longer.
  const online = () => live === "lost" && open();

  document.addEventListener("visibilitychange", seen);
  window.addEventListener("online", online);
  open();
  return () => {
    document.removeEventListener("visibilitychange", seen);
    window.removeEventListener("online", online);
    clearTimeout(hiding);
    close();
    gather.stop();
    become("off");
  };
}

/** Answers that do not change, or are asked for at every turn anyway. */
const LEFT_OUT = new Set(["project", "file"]);

/** A list of which many pages were read: asking for all of them again at each change would be slow, and shake it. */
function isLong(data: unknown): boolean {
  const pages = typeof data === "object" && data !== null && "pages" in data ? data.pages : undefined;
  return Array.isArray(pages) && pages.length > PAGES;
}

const PAGES = 3;

/** Gathers changes, and then makes stale at once what depends on any of them. */
function gatherer(project: Slug, client: QueryClient) {
  let changes: Change[] = [];
  let everything = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = 0;
  let lastTook = 0;

  async function flush() {
    timer = undefined;
    const told = merge(changes);
    const all = everything;
    changes = [];
    everything = false;
    lastAt = Date.now();
    await client.invalidateQueries({
      predicate: ({ queryKey, state }) =>
        !isLong(state.data) &&
        (all
          ? queryKey[1] === project && !LEFT_OUT.has(String(queryKey[0]))
          : told.some((change) => concerns(queryKey, project, change))),
    });
    lastTook = Date.now() - lastAt;
  }

  function plan() {
    timer ??= setTimeout(() => void flush(), gatherFor(Date.now() - lastAt, lastTook));
  }

  return {
    add(change: Change) {
      changes.push(change);
      plan();
    },
    all() {
      everything = true;
      plan();
    },
    stop: () => clearTimeout(timer),
  };
}
