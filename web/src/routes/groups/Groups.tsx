// The groups that the caller may see.

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { groupsQuery } from "../../api/settings.ts";
import { GroupTable } from "../../components/GroupTable.tsx";
import { Icon } from "../../components/Icon.tsx";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Empty, Failure, SkeletonRows, useTitle } from "../../components/parts.tsx";
import { SearchField } from "../../components/SearchField.tsx";
import "../../styles/settings.css";

export function Groups() {
  useTitle("Groups");
  const { q } = useSearch({ from: "/groups" });
  const navigate = useNavigate();
  const list = useInfiniteQuery(groupsQuery({ search: q }));
  const groups = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>Groups</h1>
        <Link to="/groups/new" className="button primary">
          <Icon name="plus" size={14} /> New group
        </Link>
      </div>
      <div className="row">
        <SearchField
          label="Search groups"
          value={q ?? ""}
          change={(text) => void navigate({ to: "/groups", search: { q: text || undefined }, replace: true })}
        />
      </div>
      {list.isPending && <SkeletonRows />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} what="list of groups" />}
      {list.data && groups.length === 0 && (
        <Empty title={q ? `No group has “${q}” in its name` : "No groups yet"}>
          {!q && (
            <p>A group holds projects and other groups; its members are members of all that is in it.</p>
          )}
        </Empty>
      )}
      {groups.length > 0 && <GroupTable groups={groups} name={(group) => group.full_path} />}
      <MoreButton query={list} />
    </div>
  );
}
