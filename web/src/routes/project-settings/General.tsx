// A project's name, path, visibility and parts, and its end.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useRole } from "../../api/access.ts";
import {
  type FeatureAccess,
  type Project,
  type ProjectChange,
  updateProject,
  type VersionPart,
  type Visibility,
} from "../../api/projects.ts";
import { projectQuery } from "../../api/queries.ts";
import { SelectField, TextField } from "../../components/Field.tsx";
import { Form } from "../../components/Form.tsx";
import { SkeletonRows, useTitle } from "../../components/parts.tsx";
import { Section } from "../../components/SettingsFrame.tsx";
import { toast } from "../../components/toast.tsx";
import { pathOf, slugOf } from "../../lib/project.ts";
import { OWNER } from "../../lib/role.ts";
import { bumps, VERSION_PARTS } from "../../lib/semver.ts";
import { FEATURE_ACCESS, VISIBILITIES } from "../../lib/visibility.ts";
import { DangerZone } from "./DangerZone.tsx";

export function General() {
  const { project = "" } = useParams({ strict: false });
  useTitle(`Settings · ${pathOf(project)}`);
  const { data } = useQuery(projectQuery(project));
  const owns = useRole() === OWNER;
  if (!data) return <SkeletonRows rows={5} />;
  return (
    <>
      <GeneralForm key={data.id} project={data} owns={owns} />
      {owns && <DangerZone project={data} />}
    </>
  );
}

type Wish = Required<ProjectChange>;

/** What differs from what is. */
function changesOf(project: Project, wish: Wish): ProjectChange {
  const changed = Object.entries(wish).filter(([name, value]) => project[name as keyof Wish] !== value);
  return Object.fromEntries(changed);
}

/** An example of what the choice does. */
const following = (version: string, part: VersionPart) =>
  bumps(version)[VERSION_PARTS.findIndex(({ value }) => value === part)];

function GeneralForm({ project, owns }: { project: Project; owns: boolean }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [wish, setWish] = useState<Wish>({
    name: project.name,
    path: project.path,
    description: project.description,
    visibility: project.visibility,
    model_experiments_access_level: project.model_experiments_access_level,
    model_registry_access_level: project.model_registry_access_level,
    version_part: project.version_part,
  });
  const set = (change: ProjectChange) => setWish((old) => ({ ...old, ...change }));
  const changes = changesOf(project, wish);
  const save = async () => {
    const saved = await updateProject(project.id, changes);
    const slug = slugOf(saved.path_with_namespace);
    client.setQueryData(projectQuery(slug).queryKey, saved);
    toast("Saved");
    if (changes.path !== undefined)
      await navigate({ to: "/p/$project/-/settings/general", params: { project: slug }, replace: true });
    await client.invalidateQueries({ queryKey: ["projects"] });
  };
  return (
    <Section title="General">
      <Form verb="Save" valid={Object.keys(changes).length > 0 && wish.name.trim() !== ""} submit={save}>
        <div className="pair">
          <TextField label="Name" value={wish.name} change={(name) => set({ name })} />
          <TextField
            label="Path"
            value={wish.path}
            change={(path) => set({ path })}
            disabled={!owns}
            spellCheck={false}
            hint={
              owns
                ? "Its addresses change with it; the old ones lead here until another project takes them."
                : "An owner changes it."
            }
          />
        </div>
        <TextField
          label="Description"
          lines={3}
          value={wish.description}
          change={(description) => set({ description })}
        />
        <SelectField<Visibility>
          label="Visibility"
          value={wish.visibility}
          options={VISIBILITIES}
          change={(visibility) => set({ visibility })}
          disabled={!owns}
          hint={owns ? undefined : "An owner changes it."}
        />
        <div className="pair">
          <SelectField<FeatureAccess>
            label="Experiments"
            value={wish.model_experiments_access_level}
            options={FEATURE_ACCESS}
            change={(model_experiments_access_level) => set({ model_experiments_access_level })}
          />
          <SelectField<FeatureAccess>
            label="Model registry"
            value={wish.model_registry_access_level}
            options={FEATURE_ACCESS}
            change={(model_registry_access_level) => set({ model_registry_access_level })}
            hint="It stands on experiments: both must be on."
          />
        </div>
        <SelectField<VersionPart>
          label="Number that automatic versions raise"
          value={wish.version_part}
          options={VERSION_PARTS}
          change={(version_part) => set({ version_part })}
          hint={`A model version whose maker names none follows the latest release: after 1.4.2 comes ${following("1.4.2", wish.version_part)}.`}
        />
      </Form>
    </Section>
  );
}
