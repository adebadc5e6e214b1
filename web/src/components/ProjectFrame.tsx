// What all pages of a project have in common: there is such a project, the address names it by its path, and its
// changes are heard.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { ApiError } from "../api/client.ts";
import { watch } from "../api/live.ts";
import { projectQuery } from "../api/queries.ts";
import { pathOf, slugOf } from "../lib/project.ts";
import { Failure } from "./parts.tsx";

export function ProjectFrame() {
  const { project = "" } = useParams({ strict: false });
  const { data, error } = useQuery(projectQuery(project));
  const navigate = useNavigate();
  const path = data?.path_with_namespace;
  // By number, or by a path that it had once: the address becomes the one that it has.
  useEffect(() => {
    if (path === undefined || path === pathOf(project)) return;
    void navigate({
      to: ".",
      params: (old) => ({ ...old, project: slugOf(path) }),
      search: true,
      replace: true,
    });
  }, [path, project, navigate]);
  const client = useQueryClient();
  const found = data !== undefined;
  useEffect(() => (found ? watch(project, client) : undefined), [found, project, client]);
  if (error instanceof ApiError && (error.status === 404 || error.status === 403)) {
    return (
      <div className="page">
        <Failure error={error} what="project" whole />
      </div>
    );
  }
  return <Outlet />;
}
