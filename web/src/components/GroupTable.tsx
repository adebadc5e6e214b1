// A list of groups.

import { Link } from "@tanstack/react-router";
import type { Group } from "../api/groups.ts";
import { slugOf } from "../lib/project.ts";
import { Badge, Scroll } from "./parts.tsx";

export function GroupTable({ groups, name }: { groups: Group[]; name: (group: Group) => string }) {
  return (
    <Scroll card label="Groups">
      <table className="data">
        <thead>
          <tr>
            <th>Group</th>
            <th className="only-large">Description</th>
            <th>Visibility</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.id}>
              <th scope="row">
                <Link to="/g/$group" params={{ group: slugOf(group.full_path) }}>
                  {name(group)}
                </Link>{" "}
                {group.marked_for_deletion_on && <Badge tone="warn">waits to be deleted</Badge>}
              </th>
              <td className="only-large quiet">{group.description}</td>
              <td>{group.visibility}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
