// Who changed what in a project.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Fragment } from "react";
import type { AuditEvent } from "../../api/audit.ts";
import { auditQuery } from "../../api/settings.ts";
import { TextField } from "../../components/Field.tsx";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Failure, Scroll, SkeletonRows, Time, useTitle } from "../../components/parts.tsx";
import { Section } from "../../components/SettingsFrame.tsx";
import { differences } from "../../lib/audit.ts";
import { dayAfter } from "../../lib/days.ts";
import { pathOf } from "../../lib/project.ts";

const ROUTE = "/p/$project/-/settings/frame/audit_events";

export function AuditEvents() {
  const { project } = useParams({ from: ROUTE });
  const { from, to } = useSearch({ from: ROUTE });
  const navigate = useNavigate();
  useTitle(`Audit events · ${pathOf(project)}`);
  const query = { created_after: from, created_before: to && dayAfter(1, Date.parse(to)) };
  const list = useInfiniteQuery(auditQuery(project, query));
  const events = list.data?.pages.flatMap((page) => page.items) ?? [];
  const set = (change: { from?: string; to?: string }) =>
    void navigate({
      to: ".",
      search: (old: Record<string, unknown>) => ({ ...old, ...change }),
      replace: true,
    });
  return (
    <>
      <Section
        title="Audit events"
        about="Every change of settings, members, tokens, rules and models, and every deletion. Runs, metrics and uploads are not in it. Nobody can change what stands here."
      >
        <div className="row wrap">
          <TextField
            label="From"
            type="date"
            value={from ?? ""}
            change={(day) => set({ from: day || undefined })}
          />
          <TextField
            label="To"
            type="date"
            value={to ?? ""}
            change={(day) => set({ to: day || undefined })}
          />
        </div>
      </Section>
      {list.isPending && <SkeletonRows rows={6} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} what="audit log" />}
      {list.data && events.length === 0 && <p className="quiet">Nothing was changed in that time.</p>}
      {events.length > 0 && <EventTable events={events} />}
      <MoreButton query={list} />
    </>
  );
}

function EventTable({ events }: { events: AuditEvent[] }) {
  return (
    <Scroll card label="Audit events">
      <table className="data">
        <thead>
          <tr>
            <th>When</th>
            <th>Who</th>
            <th>What</th>
            <th>Change</th>
            <th className="only-large">Address</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id}>
              <td style={{ whiteSpace: "nowrap" }}>
                <Time at={Date.parse(event.created_at)} />
              </td>
              <td>
                <span className="who">
                  <span>{event.details.author_name}</span>
                  <span className="quiet">{event.details.author_means}</span>
                </span>
              </td>
              <th scope="row" style={{ minWidth: 190 }}>
                <span className="who">
                  <span>{event.event_name.replaceAll("_", " ")}</span>
                  <span className="quiet wrap-any">
                    {event.details.target_type} {event.details.target_details}
                  </span>
                </span>
              </th>
              <td style={{ minWidth: 220 }}>
                <Changes event={event} />
              </td>
              <td className="only-large mono">{event.details.ip_address}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Changes({ event }: { event: AuditEvent }) {
  const { before, after } = event.details;
  return (
    <span className="who wrap-any">
      {differences(before, after).map(({ name, was, is }) => (
        <span key={name}>
          {name}:{" "}
          {was !== undefined && (
            <Fragment>
              <del className="was">{was}</del>{" "}
            </Fragment>
          )}
          {is !== undefined && <ins className="now">{is}</ins>}
        </span>
      ))}
    </span>
  );
}
