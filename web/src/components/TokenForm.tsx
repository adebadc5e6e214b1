// The form for a new access token: what it is called, what it may do, and until when.

import { useState } from "react";
import type { NewToken } from "../api/tokens.ts";
import { dayAfter } from "../lib/days.ts";
import { MAINTAINER, roleName, rolesUpTo } from "../lib/role.ts";
import { CheckField, SelectField, TextField } from "./Field.tsx";
import { Form } from "./Form.tsx";

const SCOPES = [
  { id: "api", what: "everything that its user may do: log runs, register models, change settings" },
  { id: "read_api", what: "reads everything that its user may read" },
  { id: "read_user", what: "reads who is who, and nothing else" },
  { id: "self_rotate", what: "puts a new token in its own place" },
];

interface Props {
  /** One's own role where the token acts; none for a token that acts as oneself. */
  upTo?: number;
  create: (wish: NewToken & { access_level?: number }) => Promise<unknown>;
  cancel: () => void;
}

export function TokenForm({ upTo, create, cancel }: Props) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState(["api"]);
  const [ends, setEnds] = useState(dayAfter(30));
  const [level, setLevel] = useState(String(Math.min(upTo ?? MAINTAINER, 30)));
  const choose = (id: string, chosen: boolean) =>
    setScopes((old) =>
      SCOPES.map((scope) => scope.id).filter((one) => (one === id ? chosen : old.includes(one))),
    );
  return (
    <Form
      verb="Create token"
      valid={name.trim() !== "" && scopes.length > 0 && ends !== ""}
      cancel={cancel}
      submit={() =>
        create({
          name: name.trim(),
          scopes,
          expires_at: ends,
          ...(upTo !== undefined && { access_level: Number(level) }),
        })
      }
    >
      <TextField
        label="Name"
        value={name}
        change={setName}
        autoFocus
        hint="Says later what it is used for."
      />
      <div className="pair">
        <TextField
          label="Ends on"
          type="date"
          value={ends}
          change={setEnds}
          min={dayAfter(1)}
          max={dayAfter(365)}
          hint="At the beginning of that day (UTC), a year from now at most."
        />
        {upTo !== undefined && (
          <SelectField
            label="Role"
            value={level}
            options={rolesUpTo(upTo).map((role) => ({ value: String(role.level), label: role.name }))}
            change={setLevel}
            hint={`As a ${roleName(Number(level)).toLowerCase()} of its own, here and nowhere else.`}
          />
        )}
      </div>
      <fieldset className="plain">
        <legend>Scopes</legend>
        {SCOPES.map(({ id, what }) => (
          <CheckField
            key={id}
            label={<code>{id}</code>}
            hint={what}
            checked={scopes.includes(id)}
            change={(chosen) => choose(id, chosen)}
          />
        ))}
      </fieldset>
    </Form>
  );
}
