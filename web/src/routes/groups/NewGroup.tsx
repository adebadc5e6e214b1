// The form for a new group.

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { createGroup } from "../../api/groups.ts";
import { NewPlaceForm } from "../../components/NewPlaceForm.tsx";
import { slugOf } from "../../lib/project.ts";
import { MAINTAINER } from "../../lib/role.ts";

export function NewGroup() {
  const { parent } = useSearch({ from: "/groups/new" });
  const navigate = useNavigate();
  const client = useQueryClient();
  return (
    <NewPlaceForm
      kind="group"
      home="In no other group"
      group={parent}
      needs={MAINTAINER}
      pathHint="Its part of the addresses of all that is in it."
      cancel={() => void navigate({ to: "/groups" })}
      create={async (place, parent_id) => {
        const group = await createGroup({ ...place, ...(parent_id !== undefined && { parent_id }) });
        await client.invalidateQueries({ queryKey: ["groups"] });
        await navigate({ to: "/g/$group", params: { group: slugOf(group.full_path) } });
      }}
    />
  );
}
