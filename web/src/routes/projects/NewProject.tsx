// The form for a new project.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { createProject } from "../../api/projects.ts";
import { projectQuery, sessionQuery } from "../../api/queries.ts";
import { NewPlaceForm } from "../../components/NewPlaceForm.tsx";
import { slugOf } from "../../lib/project.ts";
import { DEVELOPER } from "../../lib/role.ts";

export function NewProject() {
  const { group } = useSearch({ from: "/projects/new" });
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  return (
    <NewPlaceForm
      kind="project"
      home={session ? `${session.username} (your own)` : "Your own"}
      group={group}
      needs={DEVELOPER}
      whereHint="In a group, its members are members of the project, too."
      pathHint="Its part of the address. Letters, digits, _, - and . only."
      cancel={() => void navigate({ to: "/" })}
      create={async (place, namespace_id) => {
        const project = await createProject({
          ...place,
          ...(namespace_id !== undefined && { namespace_id }),
        });
        const slug = slugOf(project.path_with_namespace);
        client.setQueryData(projectQuery(slug).queryKey, project);
        void client.invalidateQueries({ queryKey: ["projects"] });
        await navigate({ to: "/p/$project/-/ml/experiments", params: { project: slug } });
      }}
    />
  );
}
