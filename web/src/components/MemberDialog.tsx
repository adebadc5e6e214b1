// The form for a new member, or for another role of one that is there.

import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Member } from "../api/places.ts";
import { listUsers } from "../api/users.ts";
import { dayAfter } from "../lib/days.ts";
import { DEVELOPER, ROLES, rolesUpTo } from "../lib/role.ts";
import { FormDialog } from "./Dialog.tsx";
import { SelectField, TextField } from "./Field.tsx";

export interface Membership {
  username: string;
  access_level: number;
  /** Empty: it does not end. */
  expires_at: string;
}

interface Props {
  /** None: a new one. */
  member?: Member;
  /** One's own role. */
  upTo: number;
  close: () => void;
  submit: (membership: Membership) => Promise<unknown>;
}

export function MemberDialog({ member, upTo, close, submit }: Props) {
  const [username, setUsername] = useState(member?.username ?? "");
  const [level, setLevel] = useState(String(member?.access_level ?? Math.min(DEVELOPER, upTo)));
  const [ends, setEnds] = useState(member?.expires_at ?? "");
  return (
    <FormDialog
      title={member ? `Change ${member.username}` : "Add member"}
      verb={member ? "Save" : "Add"}
      valid={username.trim() !== ""}
      close={close}
      submit={() => submit({ username: username.trim(), access_level: Number(level), expires_at: ends })}
    >
      {!member && <UserField value={username} change={setUsername} />}
      <SelectField
        label="Role"
        value={level}
        options={rolesUpTo(upTo).map((role) => ({ value: String(role.level), label: role.name }))}
        change={setLevel}
        hint={ROLES.find((role) => String(role.level) === level)?.what}
      />
      <TextField
        label="Ends on"
        type="date"
        value={ends}
        change={setEnds}
        min={dayAfter(1)}
        hint="At the beginning of that day (UTC). Empty: it does not end."
      />
    </FormDialog>
  );
}

/** A user name, completed from those that are there. */
function UserField({ value, change }: { value: string; change: (text: string) => void }) {
  const list = useId();
  const { data } = useQuery({
    queryKey: ["users", "named", value],
    queryFn: ({ signal }) => listUsers({ search: value }, "1", signal),
    enabled: value.length > 0,
    staleTime: 60_000,
  });
  return (
    <>
      <TextField
        label="User name"
        value={value}
        change={change}
        autoFocus
        autoCapitalize="none"
        spellCheck={false}
        list={list}
      />
      <datalist id={list}>
        {data?.items.slice(0, 8).map((user) => (
          <option key={user.id} value={user.username}>
            {user.name}
          </option>
        ))}
      </datalist>
    </>
  );
}
