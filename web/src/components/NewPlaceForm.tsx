// The form for what lies in a namespace: a new project or a new group.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Visibility } from "../api/projects.ts";
import { groupsQuery } from "../api/settings.ts";
import { pathOfName, VISIBILITIES } from "../lib/visibility.ts";
import { SelectField, TextField } from "./Field.tsx";
import { Form } from "./Form.tsx";
import { useTitle } from "./parts.tsx";
import "../styles/settings.css";

export interface NewPlace {
  name: string;
  path: string;
  description: string;
  visibility: Visibility;
}

interface Props {
  kind: "project" | "group";
  /** What it lies in when it lies in no group. */
  home: string;
  /** The number of the group that is chosen at first. */
  group?: string;
  /** The role that making one in a group takes. */
  needs: number;
  whereHint?: string;
  pathHint: string;
  cancel: () => void;
  create: (place: NewPlace, group: number | undefined) => Promise<unknown>;
}

const HOME = "home";

export function NewPlaceForm({
  kind,
  home,
  group = HOME,
  needs,
  whereHint,
  pathHint,
  cancel,
  create,
}: Props) {
  useTitle(`New ${kind}`);
  const groups = useInfiniteQuery(groupsQuery({ min_access_level: needs }));
  const [name, setName] = useState("");
  const [typed, setTyped] = useState<string>();
  const [where, setWhere] = useState(group);
  const [description, setDescription] = useState("");
  const [visibility, setVisibility] = useState<Visibility>("private");
  const path = typed ?? pathOfName(name);
  const places = [
    { value: HOME, label: home },
    ...(groups.data?.pages.flatMap((page) => page.items) ?? []).map((one) => ({
      value: String(one.id),
      label: one.full_path,
    })),
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>New {kind}</h1>
      </div>
      <div className="card">
        <div className="body">
          <Form
            verb={`Create ${kind}`}
            valid={name.trim() !== "" && path !== ""}
            cancel={cancel}
            submit={() =>
              create(
                { name: name.trim(), path, description, visibility },
                where === HOME ? undefined : Number(where),
              )
            }
          >
            <TextField label="Name" value={name} change={setName} autoFocus />
            <div className="pair">
              <SelectField label="Where" value={where} options={places} change={setWhere} hint={whereHint} />
              <TextField label="Path" value={path} change={setTyped} spellCheck={false} hint={pathHint} />
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
