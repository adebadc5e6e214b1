// What the caller may do in the project of the page.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { trackingUri } from "./mlflow.ts";
import { mayWrite, roleIn } from "./projects.ts";
import { projectQuery, sessionQuery } from "./queries.ts";

/** Whether the pages show what changes something. The server decides; this only spares people a refusal. */
export function useMayWrite(): boolean {
  const { project = "" } = useParams({ strict: false });
  const { data: session } = useQuery(sessionQuery);
  const { data } = useQuery(projectQuery(project));
  return data !== undefined && session !== undefined && mayWrite(data, session.administrator);
}

/** The number of the caller's role in the page's project; 0 for none, `undefined` until it is known. */
export function useRole(): number | undefined {
  const { project = "" } = useParams({ strict: false });
  const { data: session } = useQuery(sessionQuery);
  const { data } = useQuery(projectQuery(project));
  return data && session ? roleIn(data, session.administrator) : undefined;
}

/** The tracking address of the page's project, by its number where that is known: it survives a rename. */
export function useTrackingUri(): string {
  const { project = "" } = useParams({ strict: false });
  const { data } = useQuery(projectQuery(project));
  return trackingUri(data ? String(data.id) : project);
}
