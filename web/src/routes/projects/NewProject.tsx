// The form for a new project.

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { createProject, type Visibility } from "../../api/projects.ts";
import { projectQuery, sessionQuery } from "../../api/queries.ts";
import { groupsQuery } from "../../api/settings.ts";
import { SelectField, TextField } from "../../components/Field.tsx";
import { Form } from "../../components/Form.tsx";
import { useTitle } from "../../components/parts.tsx";
import { slugOf } from "../../lib/project.ts";
import { DEVELOPER } from "../../lib/role.ts";
import { pathOfName, VISIBILITIES } from "../../lib/visibility.ts";
import "../../styles/settings.css";

const OWN = "own";

export function NewProject() {
  useTitle("New project");
  const { group = OWN } = useSearch({ from: "/projects/new" });
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const groups = useInfiniteQuery(groupsQuery({ min_access_level: DEVELOPER }));
  const [name, setName] = useState("");
  const [typed, setTyped] = useState<string>();
  const [namespace, setNamespace] = useState(group);
  const [description, setDescription] = useState("");
  const [visibility, setVisibility] = useState<Visibility>("private");
  const path = typed ?? pathOfName(name);
  const places = [
    { value: OWN, label: session ? `${session.username} (your own)` : "Your own" },
    ...(groups.data?.pages.flatMap((page) => page.items) ?? []).map((one) => ({
      value: String(one.id),
      label: one.full_path,
    })),
  ];
  const create = async () => {
    const project = await createProject({
      name: name.trim(),
      path,
      description,
      visibility,
      ...(namespace !== OWN && { namespace_id: Number(namespace) }),
    });
    const slug = slugOf(project.path_with_namespace);
    client.setQueryData(projectQuery(slug).queryKey, project);
    void client.invalidateQueries({ queryKey: ["projects"] });
    await navigate({ to: "/p/$project/-/ml/experiments", params: { project: slug } });
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>New project</h1>
      </div>
      <div className="card">
        <div className="body">
          <Form
            verb="Create project"
            valid={name.trim() !== "" && path !== ""}
            cancel={() => void navigate({ to: "/" })}
            submit={create}
          >
            <TextField label="Name" value={name} change={setName} autoFocus />
            <div className="pair">
              <SelectField
                label="Where"
                value={namespace}
                options={places}
                change={setNamespace}
                hint="In a group, its members are members of the project, too."
              />
              <TextField
                label="Path"
                value={path}
                change={setTyped}
                spellCheck={false}
                hint="Its part of the address. Letters, digits, _, - and . only."
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
          {groups.hasNextPage && (
            <button type="button" className="link" onClick={() => void groups.fetchNextPage()}>
              More groups
            </button>
          )}
        </div>
      </div>
    </div>
  );
}
