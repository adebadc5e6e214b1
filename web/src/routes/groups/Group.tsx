// A group: what is in it, who is in it, its settings.

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { Group } from "../../api/groups.ts";
import { sessionQuery } from "../../api/queries.ts";
import { groupProjectsQuery, groupQuery, membersQuery, subgroupsQuery } from "../../api/settings.ts";
import { GroupTable } from "../../components/GroupTable.tsx";
import { Members } from "../../components/Members.tsx";
import { MoreButton } from "../../components/MoreButton.tsx";
import { PlaceTokens } from "../../components/PlaceTokens.tsx";
import { ProjectTable } from "../../components/ProjectTable.tsx";
import { Badge, Empty, Failure, SkeletonRows, useTitle } from "../../components/parts.tsx";
import { Refused } from "../../components/Refused.tsx";
import { Tabs } from "../../components/Tabs.tsx";
import { pathOf, slugOf } from "../../lib/project.ts";
import { DEVELOPER, MAINTAINER, OWNER } from "../../lib/role.ts";
import { GroupSettings } from "./GroupSettings.tsx";
import "../../styles/settings.css";

/** The caller's role in the group, by looking for oneself among its members; `undefined` until it is known. */
function useGroupRole(path: string): number | undefined {
  const { data: session } = useQuery(sessionQuery);
  const place = { kind: "group", path } as const;
  const list = useInfiniteQuery({
    ...membersQuery(place, session?.username),
    enabled: session !== undefined && !session.administrator,
  });
  if (session?.administrator) return OWNER;
  if (!list.data) return undefined;
  const own = list.data.pages.flatMap((page) => page.items).find((member) => member.id === session?.id);
  return own?.access_level ?? 0;
}

/** What others do not see, and are refused. */
const OWNERS_TABS = [
  { id: "access_tokens", label: "Access tokens" },
  { id: "settings", label: "Settings" },
];

export function GroupPage() {
  const { group: slug } = useParams({ from: "/g/$group" });
  const { tab = "content" } = useSearch({ from: "/g/$group" });
  const path = pathOf(slug);
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: group, error, refetch } = useQuery(groupQuery(path));
  const known = useGroupRole(path);
  const level = known ?? 0;
  const owns = level >= OWNER;
  useTitle(path);
  if (error) {
    return (
      <div className="page">
        <Failure error={error} retry={() => void refetch()} what="group" whole />
      </div>
    );
  }
  const tabs = [
    { id: "content", label: "Projects and groups" },
    { id: "members", label: "Members" },
    ...(owns ? OWNERS_TABS : []),
  ];
  return (
    <div className="page">
      <Head path={path} group={group} level={level} />
      <Tabs tabs={tabs} current={tab} label="Group" />
      {!group && <SkeletonRows />}
      {group && tab === "content" && <Content path={path} />}
      {group && tab === "members" && (
        <Members
          place={{ kind: "group", path }}
          level={level}
          manages={level >= OWNER}
          left={async () => {
            await navigate({ to: "/groups" });
            await client.invalidateQueries({ queryKey: ["groups"] });
          }}
        />
      )}
      {group && tab === "access_tokens" && owns && (
        <PlaceTokens place={{ kind: "group", path }} level={level} />
      )}
      {group && tab === "settings" && owns && <GroupSettings key={group.id} group={group} />}
      {group && known !== undefined && !owns && OWNERS_TABS.some(({ id }) => id === tab) && (
        <Refused what="this page" of="group" level={known} needs={OWNER} />
      )}
    </div>
  );
}

function Head({ path, group, level }: { path: string; group: Group | undefined; level: number }) {
  const above = path.split("/").slice(0, -1);
  return (
    <div className="page-head">
      <div className="titles">
        <div className="crumbs">
          <Link to="/groups">Groups</Link> /
          {above.map((name, index) => {
            const full = above.slice(0, index + 1).join("/");
            return (
              <span key={full}>
                <Link to="/g/$group" params={{ group: slugOf(full) }}>
                  {name}
                </Link>{" "}
                /
              </span>
            );
          })}
        </div>
        <h1>
          {group?.name ?? path}{" "}
          {group?.marked_for_deletion_on && <Badge tone="warn">waits to be deleted</Badge>}
        </h1>
        {group?.description && <p className="quiet">{group.description}</p>}
      </div>
      {group && (
        <div className="row">
          {level >= MAINTAINER && (
            <Link to="/groups/new" search={{ parent: String(group.id) }} className="button">
              New subgroup
            </Link>
          )}
          {level >= DEVELOPER && (
            <Link to="/projects/new" search={{ group: String(group.id) }} className="button primary">
              New project
            </Link>
          )}
        </div>
      )}
    </div>
  );
}

function Content({ path }: { path: string }) {
  const subgroups = useInfiniteQuery(subgroupsQuery(path));
  const projects = useInfiniteQuery(groupProjectsQuery(path));
  const groups = subgroups.data?.pages.flatMap((page) => page.items) ?? [];
  const items = projects.data?.pages.flatMap((page) => page.items) ?? [];
  const error = subgroups.error ?? projects.error;
  if (error) return <Failure error={error} what="group" />;
  if (!subgroups.data || !projects.data) return <SkeletonRows />;
  if (groups.length === 0 && items.length === 0) return <Empty title="There is nothing in this group yet" />;
  return (
    <>
      {groups.length > 0 && <GroupTable groups={groups} name={(group) => group.name} />}
      <MoreButton query={subgroups} />
      {items.length > 0 && <ProjectTable projects={items} />}
      <MoreButton query={projects} />
    </>
  );
}
