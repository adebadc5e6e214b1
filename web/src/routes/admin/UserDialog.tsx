// The form for a new user, or for another name and other rights of one that is there.

import { useState } from "react";
import type { NewUser, User } from "../../api/users.ts";
import { FormDialog } from "../../components/Dialog.tsx";
import { CheckField, TextField } from "../../components/Field.tsx";

interface Props {
  /** None: a new one. */
  user?: User;
  close: () => void;
  submit: (wish: NewUser) => Promise<unknown>;
}

export function UserDialog({ user, close, submit }: Props) {
  const [username, setUsername] = useState(user?.username ?? "");
  const [name, setName] = useState(user?.name ?? "");
  const [email, setEmail] = useState(user?.email ?? "");
  const [admin, setAdmin] = useState(user?.is_admin ?? false);
  return (
    <FormDialog
      title={user ? `Change ${user.username}` : "New user"}
      verb={user ? "Save" : "Create"}
      valid={username.trim() !== "" && name.trim() !== "" && (email.trim() !== "" || user?.email === null)}
      close={close}
      submit={() => submit({ username: username.trim(), name: name.trim(), email: email.trim(), admin })}
    >
      {!user && (
        <TextField
          label="User name"
          value={username}
          change={setUsername}
          autoFocus
          autoCapitalize="none"
          spellCheck={false}
          hint="Also the address of the user's own projects."
        />
      )}
      <TextField label="Name" value={name} change={setName} />
      <TextField label="E-mail" type="email" value={email} change={setEmail} hint="No mail is sent." />
      <CheckField
        label="Administrator"
        hint="May do everything, in every project."
        checked={admin}
        change={setAdmin}
      />
    </FormDialog>
  );
}
