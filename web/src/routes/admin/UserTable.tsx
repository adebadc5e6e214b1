// The rows of the list of users, each with what an administrator does.

import type { User } from "../../api/users.ts";
import { Icon } from "../../components/Icon.tsx";
import { type Action, Menu } from "../../components/Menu.tsx";
import { Badge, Scroll, Time } from "../../components/parts.tsx";

interface Props {
  users: User[];
  /** Nobody blocks or deletes themselves. */
  ownId: number;
  edit: (user: User) => void;
  invite: (user: User) => void;
  block: (user: User) => void;
  unblock: (user: User) => void;
  remove: (user: User) => void;
}

export function UserTable({ users, ownId, edit, invite, block, unblock, remove }: Props) {
  const actionsOf = (user: User): Action[] => {
    const blocked = user.state === "blocked";
    const common: Action[] = [
      { label: "Change…", run: () => edit(user) },
      { label: "Make a sign-in link", run: () => invite(user), disabled: blocked },
    ];
    if (user.id === ownId) return common;
    return [
      ...common,
      blocked
        ? { label: "Unblock", run: () => unblock(user), apart: true }
        : { label: "Block…", run: () => block(user), apart: true },
      { label: "Delete…", run: () => remove(user), danger: true },
    ];
  };
  return (
    <Scroll card label="Users">
      <table className="data">
        <thead>
          <tr>
            <th>User</th>
            <th className="only-large">E-mail</th>
            <th>State</th>
            <th className="only-large">Made</th>
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.id}>
              <th scope="row">
                <span className="who">
                  <span>{user.name}</span>
                  <span className="quiet mono">{user.username}</span>
                </span>
              </th>
              <td className="only-large">{user.email}</td>
              <td>
                <span className="row wrap">
                  {user.state === "blocked" ? (
                    <Badge tone="bad">blocked</Badge>
                  ) : (
                    <Badge tone="good">active</Badge>
                  )}
                  {user.is_admin && <Badge tone="warn">administrator</Badge>}
                </span>
              </td>
              <td className="only-large">
                <Time at={user.created_at ? Date.parse(user.created_at) : undefined} />
              </td>
              <td className="num">
                <Menu
                  trigger={
                    <button
                      type="button"
                      className="button icon plain small"
                      aria-label={`Actions on ${user.username}`}
                    >
                      <Icon name="more" />
                    </button>
                  }
                  actions={actionsOf(user)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
