// The frame of a project's settings: everybody sees who is in it, maintainers the rest.

import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useMatchRoute, useParams } from "@tanstack/react-router";
import { useRole } from "../../api/access.ts";
import { projectQuery } from "../../api/queries.ts";
import { SkeletonRows } from "../../components/parts.tsx";
import { Refused } from "../../components/Refused.tsx";
import { SettingsFrame } from "../../components/SettingsFrame.tsx";
import { MAINTAINER } from "../../lib/role.ts";

const active = { "aria-current": "page" } as const;
const MEMBERS = "/p/$project/-/settings/members";

export function ProjectSettings() {
  const { project = "" } = useParams({ strict: false });
  const { data } = useQuery(projectQuery(project));
  const level = useRole();
  const onMembers = useMatchRoute()({ to: MEMBERS }) !== false;
  const maintains = level !== undefined && level >= MAINTAINER;
  const params = { project };
  return (
    <SettingsFrame
      title={maintains ? "Project settings" : "Project"}
      of={data?.path_with_namespace}
      sections={
        <>
          {maintains && (
            <Link to="/p/$project/-/settings/general" params={params} activeProps={active}>
              General
            </Link>
          )}
          <Link to={MEMBERS} params={params} activeProps={active}>
            Members
          </Link>
          {maintains && (
            <>
              <Link to="/p/$project/-/settings/access_tokens" params={params} activeProps={active}>
                Access tokens
              </Link>
              <Link to="/p/$project/-/settings/trust_rules" params={params} activeProps={active}>
                Trusted CI jobs
              </Link>
              <Link to="/p/$project/-/settings/ci_link" params={params} activeProps={active}>
                CI link
              </Link>
              <Link to="/p/$project/-/settings/audit_events" params={params} activeProps={active}>
                Audit events
              </Link>
            </>
          )}
        </>
      }
    >
      {level === undefined ? (
        <SkeletonRows rows={4} />
      ) : maintains || onMembers ? (
        <Outlet />
      ) : (
        <Refused what="these settings" level={level} needs={MAINTAINER} />
      )}
    </SettingsFrame>
  );
}
