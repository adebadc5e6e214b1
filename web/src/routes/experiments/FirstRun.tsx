// What an untouched project shows instead of its list: how to log the first run. It looks until that is there, where it
// does not hear of it.

import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useMayWrite } from "../../api/access.ts";
import { usePolling } from "../../api/live.ts";
import type { Page } from "../../api/mlflow.ts";
import type { ExperimentOverview } from "../../api/tracking.ts";
import { FirstSteps } from "../../components/FirstSteps.tsx";
import { Empty } from "../../components/parts.tsx";
import type { Slug } from "../../lib/project.ts";

const LOOK_MS = 2000;

/** Whether nothing was ever logged: there is only the experiment that every project has, and no run in it. */
export function useUntouched(
  project: Slug,
  data: InfiniteData<Page<ExperimentOverview>> | undefined,
): boolean {
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const [only] = items;
  const alone = items.length === 1 && only?.id === "0" && only.run_count === 0;
  const untouched = data !== undefined && (items.length === 0 || alone);
  const client = useQueryClient();
  const poll = usePolling(LOOK_MS);
  useEffect(() => {
    if (!untouched || poll === false) return;
    const look = () => void client.invalidateQueries({ queryKey: ["experiments", project] });
    const timer = setInterval(look, poll);
    return () => clearInterval(timer);
  }, [untouched, poll, client, project]);
  return untouched;
}

export function FirstRun() {
  const writable = useMayWrite();
  if (!writable) {
    return (
      <Empty title="Nothing has been logged yet">
        <p>The first experiment appears here by itself.</p>
      </Empty>
    );
  }
  return (
    <Empty title="Log the first run">
      <p>Paste this where Python is. The experiment appears here by itself as soon as it arrives.</p>
      <FirstSteps experiment="first-steps" />
    </Empty>
  );
}
