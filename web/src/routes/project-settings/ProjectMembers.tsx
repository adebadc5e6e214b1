// Who is in a project.

import { useNavigate, useParams } from "@tanstack/react-router";
import { useRole } from "../../api/access.ts";
import { Members } from "../../components/Members.tsx";
import { useTitle } from "../../components/parts.tsx";
import { pathOf } from "../../lib/project.ts";
import { MAINTAINER } from "../../lib/role.ts";

export function ProjectMembers() {
  const { project = "" } = useParams({ strict: false });
  const navigate = useNavigate();
  const level = useRole() ?? 0;
  useTitle(`Members · ${pathOf(project)}`);
  return (
    <Members
      place={{ kind: "project", path: pathOf(project) }}
      level={level}
      manages={level >= MAINTAINER}
      left={() => navigate({ to: "/" })}
    />
  );
}
