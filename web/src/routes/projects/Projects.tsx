// The first page: the projects that the caller may see.

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { projectsQuery } from "../../api/queries.ts";
import { Icon } from "../../components/Icon.tsx";
import { MoreButton } from "../../components/MoreButton.tsx";
import { ProjectTable } from "../../components/ProjectTable.tsx";
import { Empty, Failure, SkeletonRows, useTitle } from "../../components/parts.tsx";
import { SearchField } from "../../components/SearchField.tsx";

export function Projects() {
  useTitle("Projects");
  const { q } = useSearch({ strict: false });
  const navigate = useNavigate();
  const list = useInfiniteQuery(projectsQuery(q));
  const projects = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>Projects</h1>
        <Link to="/projects/new" className="button primary">
          <Icon name="plus" size={14} /> New project
        </Link>
      </div>
      <div className="row">
        <SearchField
          label="Search projects"
          value={q ?? ""}
          change={(text) => void navigate({ to: "/", search: { q: text || undefined }, replace: true })}
        />
      </div>
      {list.isPending && <SkeletonRows />}
      {list.isError && (
        <Failure error={list.error} retry={() => void list.refetch()} what="list of projects" />
      )}
      {list.data && projects.length === 0 && (
        <Empty title={q ? `No project has “${q}” in its path` : "No projects yet"}>
          {!q && <p>Make one, or ask whoever runs this server to make you a member of one.</p>}
        </Empty>
      )}
      {projects.length > 0 && <ProjectTable projects={projects} />}
      <MoreButton query={list} />
    </div>
  );
}
