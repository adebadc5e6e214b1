// The form for a new group.

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { createGroup } from "../../api/groups.ts";
import type { Visibility } from "../../api/projects.ts";
import { groupsQuery } from "../../api/settings.ts";
import { SelectField, TextField } from "../../components/Field.tsx";
import { Form } from "../../components/Form.tsx";
import { useTitle } from "../../components/parts.tsx";
import { slugOf } from "../../lib/project.ts";
import { MAINTAINER } from "../../lib/role.ts";
import { pathOfName, VISIBILITIES } from "../../lib/visibility.ts";
import "../../styles/settings.css";

const TOP = "top";

export function NewGroup() {
  useTitle("New group");
  const search = useSearch({ from: "/groups/new" });
  const navigate = useNavigate();
  const client = useQueryClient();
  const groups = useInfiniteQuery(groupsQuery({ min_access_level: MAINTAINER }));
  const [name, setName] = useState("");
  const [typed, setTyped] = useState<string>();
  const [parent, setParent] = useState(search.parent ?? TOP);
  const [description, setDescription] = useState("");
  const [visibility, setVisibility] = useState<Visibility>("private");
  const path = typed ?? pathOfName(name);
  const places = [
    { value: TOP, label: "In no other group" },
    ...(groups.data?.pages.flatMap((page) => page.items) ?? []).map((one) => ({
      value: String(one.id),
      label: one.full_path,
    })),
  ];
  const create = async () => {
    const group = await createGroup({
      name: name.trim(),
      path,
      description,
      visibility,
      ...(parent !== TOP && { parent_id: Number(parent) }),
    });
    await client.invalidateQueries({ queryKey: ["groups"] });
    await navigate({ to: "/g/$group", params: { group: slugOf(group.full_path) } });
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>New group</h1>
      </div>
      <div className="card">
        <div className="body">
          <Form
            verb="Create group"
            valid={name.trim() !== "" && path !== ""}
            cancel={() => void navigate({ to: "/groups" })}
            submit={create}
          >
            <TextField label="Name" value={name} change={setName} autoFocus />
            <div className="pair">
              <SelectField label="Where" value={parent} options={places} change={setParent} />
              <TextField
                label="Path"
                value={path}
                change={setTyped}
                spellCheck={false}
                hint="Its part of the addresses of all that is in it."
              />
            </div>
            <TextField label="Description" lines={3} value={description} change={setDescription} />
            <SelectField
              label="Visibility"
              value={visibility}
              options={VISIBILITIES}
              change={setVisibility}
            />
          </Form>
        </div>
      </div>
    </div>
  );
}
