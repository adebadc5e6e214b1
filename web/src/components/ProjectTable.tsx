// A list of projects.

import { Link } from "@tanstack/react-router";
import type { Project } from "../api/projects.ts";
import { slugOf } from "../lib/project.ts";
import { Badge, Time } from "./parts.tsx";

export function ProjectTable({ projects }: { projects: Project[] }) {
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
