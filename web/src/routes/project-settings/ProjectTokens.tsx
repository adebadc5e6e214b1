// The access tokens of a project.

import { useParams } from "@tanstack/react-router";
import { useRole, useTrackingUri } from "../../api/access.ts";
import { PlaceTokens } from "../../components/PlaceTokens.tsx";
import { useTitle } from "../../components/parts.tsx";
import { pathOf } from "../../lib/project.ts";
import { MAINTAINER } from "../../lib/role.ts";

export function ProjectTokens() {
  const { project = "" } = useParams({ strict: false });
  const path = pathOf(project);
  useTitle(`Access tokens · ${path}`);
  const level = useRole() ?? MAINTAINER;
  const uri = useTrackingUri();
  return <PlaceTokens place={{ kind: "project", path }} level={level} uri={uri} />;
}
