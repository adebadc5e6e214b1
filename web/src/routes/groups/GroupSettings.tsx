// A group's name, path, description and visibility, and its end: for its owners.

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { deleteGroup, type Group, type GroupChange, restoreGroup, updateGroup } from "../../api/groups.ts";
import type { Visibility } from "../../api/projects.ts";
import { groupQuery } from "../../api/settings.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { SelectField, TextField } from "../../components/Field.tsx";
import { Form } from "../../components/Form.tsx";
import { Section } from "../../components/SettingsFrame.tsx";
import { toast } from "../../components/toast.tsx";
import { slugOf } from "../../lib/project.ts";
import { VISIBILITIES } from "../../lib/visibility.ts";

export function GroupSettings({ group }: { group: Group }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { name, path, description, visibility } = group;
  const [wish, setWish] = useState<Required<GroupChange>>({ name, path, description, visibility });
  const [deleting, setDeleting] = useState(false);
  const set = (change: GroupChange) => setWish((old) => ({ ...old, ...change }));
  const changes: GroupChange = Object.fromEntries(
    Object.entries(wish).filter(([field, value]) => group[field as keyof GroupChange] !== value),
  );
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["group"] }),
      client.invalidateQueries({ queryKey: ["groups"] }),
    ]);
  const save = async () => {
    const saved = await updateGroup(group.id, changes);
    client.setQueryData(groupQuery(saved.full_path).queryKey, saved);
    toast("Saved");
    if (changes.path !== undefined)
      await navigate({
        to: "/g/$group",
        params: { group: slugOf(saved.full_path) },
        search: { tab: "settings" },
        replace: true,
      });
    await client.invalidateQueries({ queryKey: ["groups"] });
  };
  const restore = async () => {
    await restoreGroup(group.id);
    toast("The group is restored");
    await refresh();
  };
  return (
    <>
      <Section title="General">
        <Form verb="Save" valid={Object.keys(changes).length > 0 && wish.name.trim() !== ""} submit={save}>
          <div className="pair">
            <TextField label="Name" value={wish.name} change={(text) => set({ name: text })} />
            <TextField
              label="Path"
              value={wish.path}
              change={(text) => set({ path: text })}
              spellCheck={false}
              hint="All that is in the group moves with it."
            />
          </div>
          <TextField
            label="Description"
            lines={3}
            value={wish.description}
            change={(text) => set({ description: text })}
          />
          <SelectField<Visibility>
            label="Visibility"
            value={wish.visibility}
            options={VISIBILITIES}
            change={(chosen) => set({ visibility: chosen })}
          />
        </Form>
      </Section>
      <section className="card danger-zone" aria-label="Deletion">
        <header>
          <h2>Deletion</h2>
        </header>
        <div className="body danger-row">
          <div>
            {group.marked_for_deletion_on ? (
              <p>It waits to be deleted: on {group.marked_for_deletion_on} all that is in it is removed.</p>
            ) : (
              <p>It goes with all projects and groups in it. For seven days it can be restored.</p>
            )}
          </div>
          {group.marked_for_deletion_on ? (
            <button type="button" className="button primary" onClick={() => void restore()}>
              Restore group
            </button>
          ) : (
            <button type="button" className="button danger" onClick={() => setDeleting(true)}>
              Delete group
            </button>
          )}
        </div>
      </section>
      {deleting && (
        <ConfirmDialog
          title={`Delete ${group.full_path}?`}
          verb="Delete group"
          close={() => setDeleting(false)}
          submit={async () => {
            await deleteGroup(group.id);
            toast("The group waits to be deleted");
            await refresh();
          }}
        >
          Jobs that log to its projects are refused from now on.
        </ConfirmDialog>
      )}
    </>
  );
}
