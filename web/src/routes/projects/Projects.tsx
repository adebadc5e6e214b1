// The first page: the projects that the caller may see.

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Project } from "../../api/projects.ts";
import { projectsQuery } from "../../api/queries.ts";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Badge, Empty, Failure, SkeletonRows, Time, useTitle } from "../../components/parts.tsx";
import { SearchField } from "../../components/SearchField.tsx";
import { slugOf } from "../../lib/project.ts";

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
          {!q && <p>Ask whoever runs this server to make you a member of one.</p>}
        </Empty>
      )}
      {projects.length > 0 && <ProjectTable projects={projects} />}
      <MoreButton query={list} />
    </div>
  );
}

function ProjectTable({ projects }: { projects: Project[] }) {
  return (
    <div className="card table-scroll">
      <table className="data">
        <thead>
          <tr>
            <th>Project</th>
            <th className="only-large">Description</th>
            <th>Visibility</th>
            <th className="only-large">Last change</th>
          </tr>
        </thead>
        <tbody>
          {projects.map((project) => (
            <tr key={project.id}>
              <th scope="row">
                <Link
                  to="/p/$project/-/ml/experiments"
                  params={{ project: slugOf(project.path_with_namespace) }}
                >
                  {project.path_with_namespace}
                </Link>{" "}
                {project.archived && <Badge tone="warn">archived</Badge>}
              </th>
              <td className="only-large quiet">{project.description}</td>
              <td>{project.visibility}</td>
              <td className="only-large">
                <Time at={Date.parse(project.last_activity_at)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
