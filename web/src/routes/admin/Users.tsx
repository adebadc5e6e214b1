// All users, for administrators: make, block, let in by a link, delete.

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { sessionQuery } from "../../api/queries.ts";
import { usersQuery } from "../../api/settings.ts";
import {
  blockUser,
  createUser,
  deleteUser,
  makeSignInLink,
  type SignInLink,
  type User,
  updateUser,
} from "../../api/users.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Icon } from "../../components/Icon.tsx";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Empty, Failure, SkeletonRows, useTitle } from "../../components/parts.tsx";
import { SearchField } from "../../components/SearchField.tsx";
import { toast } from "../../components/toast.tsx";
import { LinkSecret } from "./LinkSecret.tsx";
import { UserDialog } from "./UserDialog.tsx";
import { UserTable } from "./UserTable.tsx";
import "../../styles/settings.css";

const STATES = [
  { value: "", label: "Everybody" },
  { value: "active", label: "Active" },
  { value: "blocked", label: "Blocked" },
  { value: "admins", label: "Administrators" },
] as const;

type Asked = { kind: "create" } | { kind: "edit" | "block" | "delete"; user: User };

export function Users() {
  useTitle("Users");
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  if (session.administrator) return <UserList ownId={session.id} />;
  return (
    <div className="page">
      <div className="card" role="alert">
        <div className="empty">
          <h1>You may not see this page</h1>
          <p>It is for administrators of this server.</p>
        </div>
      </div>
    </div>
  );
}

function UserList({ ownId }: { ownId: number }) {
  const { q, state } = useSearch({ from: "/admin/users" });
  const navigate = useNavigate({ from: "/admin/users" });
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const [link, setLink] = useState<{ user: User; link: SignInLink }>();
  const known = STATES.find((one) => one.value === state)?.value || undefined;
  const list = useInfiniteQuery(usersQuery({ search: q, state: known }));
  const users = list.data?.pages.flatMap((page) => page.items) ?? [];
  const refresh = () => client.invalidateQueries({ queryKey: ["users"] });
  const close = () => setAsked(undefined);
  const invite = async (user: User) => {
    try {
      setLink({ user, link: await makeSignInLink(user.id) });
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error));
    }
  };
  const setBlocked = async (user: User, blocked: boolean) => {
    await blockUser(user.id, blocked);
    toast(`${user.username} is ${blocked ? "blocked" : "active again"}`);
    await refresh();
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>Users</h1>
        <button type="button" className="button primary" onClick={() => setAsked({ kind: "create" })}>
          <Icon name="plus" size={14} /> New user
        </button>
      </div>
      {link && <LinkSecret key={link.link.url} {...link} done={() => setLink(undefined)} />}
      <div className="row wrap">
        <SearchField
          label="Search users"
          value={q ?? ""}
          change={(text) =>
            void navigate({ search: (old) => ({ ...old, q: text || undefined }), replace: true })
          }
        />
        <div>
          <select
            className="input"
            aria-label="Which users"
            value={known ?? ""}
            onChange={(event) =>
              void navigate({ search: (old) => ({ ...old, state: event.target.value || undefined }) })
            }
          >
            {STATES.map((one) => (
              <option key={one.value} value={one.value}>
                {one.label}
              </option>
            ))}
          </select>
        </div>
      </div>
      {list.isPending && <SkeletonRows />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} what="list of users" />}
      {list.data && users.length === 0 && <Empty title="There is nobody like that" />}
      {users.length > 0 && (
        <UserTable
          users={users}
          ownId={ownId}
          edit={(user) => setAsked({ kind: "edit", user })}
          invite={(user) => void invite(user)}
          block={(user) => setAsked({ kind: "block", user })}
          unblock={(user) => void setBlocked(user, false)}
          remove={(user) => setAsked({ kind: "delete", user })}
        />
      )}
      <MoreButton query={list} />
      {asked?.kind === "create" && (
        <UserDialog
          close={close}
          submit={async (wish) => {
            const user = await createUser(wish);
            await refresh();
            await invite(user);
          }}
        />
      )}
      {asked?.kind === "edit" && (
        <UserDialog
          user={asked.user}
          close={close}
          submit={async ({ name, email, admin }) => {
            await updateUser(asked.user.id, { name, admin, ...(email && { email }) });
            await refresh();
          }}
        />
      )}
      {asked?.kind === "block" && (
        <ConfirmDialog
          title={`Block ${asked.user.username}?`}
          verb="Block"
          close={close}
          submit={() => setBlocked(asked.user, true)}
        >
          All sessions end, and all tokens are refused until the user is unblocked.
        </ConfirmDialog>
      )}
      {asked?.kind === "delete" && (
        <ConfirmDialog
          title={`Delete ${asked.user.username}?`}
          verb="Delete user"
          close={close}
          submit={async () => {
            await deleteUser(asked.user.id);
            toast(`${asked.user.username} is deleted`);
            await refresh();
          }}
        >
          Name, tokens, memberships and sessions go for good; runs stay, by “Ghost User”.
        </ConfirmDialog>
      )}
    </div>
  );
}
