// Tags as a card: shown, and by whoever may also changed, added and taken away.

import { useState } from "react";
import type { KeyValue } from "../api/mlflow.ts";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { TextDialog } from "./Dialog.tsx";
import { Icon } from "./Icon.tsx";
import { Menu } from "./Menu.tsx";
import { Scroll } from "./parts.tsx";
import { TagDialog } from "./TagDialog.tsx";

interface Props {
  tags: [string, string][];
  /** Without it they can only be read. */
  set?: (tag: KeyValue) => Promise<unknown>;
  remove?: (key: string) => Promise<unknown>;
}

type Asked = { kind: "add" } | { kind: "change" | "remove"; key: string; value: string };

export function TagsCard({ tags, set, remove }: Props) {
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  if (tags.length === 0 && !set) return null;
  return (
    <section className="card">
      <header>
        <h2>
          Tags <span className="count">{tags.length}</span>
        </h2>
        {set && (
          <button type="button" className="button small" onClick={() => setAsked({ kind: "add" })}>
            Add tag
          </button>
        )}
      </header>
      {tags.length === 0 && <p className="body quiet">None.</p>}
      {tags.length > 0 && (
        <Scroll label="Tags">
          <table className="data">
            <tbody>
              {tags.map(([key, value]) => (
                <tr key={key}>
                  <th scope="row" style={{ width: "38%" }}>
                    {key}
                  </th>
                  <td className="mono" style={{ overflowWrap: "anywhere" }}>
                    {value}
                  </td>
                  {set && remove && (
                    <td style={{ width: 1 }}>
                      <Menu
                        trigger={
                          <button
                            type="button"
                            className="button icon plain small"
                            aria-label={`Actions on tag ${key}`}
                          >
                            <Icon name="more" />
                          </button>
                        }
                        actions={[
                          { label: "Change…", run: () => setAsked({ kind: "change", key, value }) },
                          {
                            label: "Remove…",
                            run: () => setAsked({ kind: "remove", key, value }),
                            danger: true,
                          },
                        ]}
                      />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {asked?.kind === "add" && set && <TagDialog title="Add a tag" verb="Add" submit={set} close={close} />}
      {asked?.kind === "change" && set && (
        <TextDialog
          title={`Tag ${asked.key}`}
          verb="Save"
          label="Value"
          initial={asked.value}
          optional
          close={close}
          submit={(value) => set({ key: asked.key, value })}
        />
      )}
      {asked?.kind === "remove" && remove && (
        <ConfirmDialog
          title={`Remove the tag ${asked.key}?`}
          verb="Remove"
          close={close}
          submit={() => remove(asked.key)}
        >
          Its value is “{asked.value}”.
        </ConfirmDialog>
      )}
    </section>
  );
}
