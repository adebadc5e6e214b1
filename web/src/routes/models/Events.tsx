// What happened to a model and its versions, newest first.

import { useInfiniteQuery } from "@tanstack/react-query";
import { eventsQuery } from "../../api/queries.ts";
import type { ModelEvent } from "../../api/registry.ts";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Empty, Failure, SkeletonRows, Time } from "../../components/parts.tsx";
import type { Slug } from "../../lib/project.ts";

interface Props {
  project: Slug;
  model: string;
  /** Only of this version, by MLflow's number. */
  number?: number;
}

export function Events({ project, model, number }: Props) {
  const query = useInfiniteQuery(eventsQuery(project, model));
  const events = query.data?.pages.flatMap((page) => page.events) ?? [];
  const shown = number === undefined ? events : events.filter((event) => event.number === number);
  if (query.isPending) return <SkeletonRows rows={4} />;
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} what="history" />;
  if (shown.length === 0 && !query.hasNextPage) return <Empty title="Nothing has happened yet" />;
  return (
    <div className="card">
      <div className="body stack">
        <ul className="timeline">
          {shown.map((event) => (
            <li key={event.id}>
              <div>
                <div>{sentence(event)}</div>
                <div className="quiet">
                  {event.user?.username ?? "somebody unknown"}, <Time at={Date.parse(event.created_at)} />
                </div>
              </div>
            </li>
          ))}
        </ul>
        <MoreButton query={query} />
      </div>
    </div>
  );
}

function sentence(event: ModelEvent): string {
  const { kind, version, alias, from, to } = event;
  switch (kind) {
    case "model_created":
      return "The model was made";
    case "description_changed":
      return "The model card was changed";
    case "version_description_changed":
      return `The card of version ${version} was changed`;
    case "model_renamed":
      return `Renamed from ${from} to ${to}`;
    case "version_created":
      return `Version ${version} was made`;
    case "version_deleted":
      return `Version ${version} was deleted`;
    case "version_published":
      return `Version ${version} was published`;
    case "alias_set":
      return from
        ? `Alias @${alias} moved from ${from} to ${to}`
        : `Alias @${alias} was given to ${to ?? version}`;
    case "alias_deleted":
      return `Alias @${alias} was taken from ${from ?? version}`;
    case "stage_changed":
      return `Stage of ${version}: ${from || "None"} → ${to}`;
    default: {
      const about = [version, alias && `@${alias}`].filter(Boolean).join(" ");
      const change = from || to ? `: ${from ?? "none"} → ${to ?? "none"}` : "";
      return `${kind.replaceAll("_", " ")} ${about}${change}`;
    }
  }
}
