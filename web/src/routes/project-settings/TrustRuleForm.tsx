// The form for a new trust rule: issuer, audience, claims row by row, role.

import { useId, useRef, useState } from "react";
import type { NewTrustRule } from "../../api/trust.ts";
import { SelectField, TextField } from "../../components/Field.tsx";
import { Form } from "../../components/Form.tsx";
import { Icon } from "../../components/Icon.tsx";
import { type ClaimRow, claimsOf, matchOf, PROVIDERS, type Provider, problemOf } from "../../lib/claims.ts";
import { DEVELOPER, rolesUpTo } from "../../lib/role.ts";

interface Props {
  upTo: number;
  /** What this server calls itself. */
  audience: string;
  create: (wish: NewTrustRule) => Promise<unknown>;
  cancel: () => void;
}

const [FIRST] = PROVIDERS as [Provider, ...Provider[]];

export function TrustRuleForm({ upTo, audience: own, create, cancel }: Props) {
  const next = useRef(0);
  const row = (claim: string, value: string): ClaimRow => ({
    id: next.current++,
    claim,
    value,
    match: matchOf(value),
  });
  const [provider, setProvider] = useState(FIRST);
  const [name, setName] = useState("");
  const [issuer, setIssuer] = useState(FIRST.issuer);
  const [audience, setAudience] = useState(own);
  const [level, setLevel] = useState(String(Math.min(DEVELOPER, upTo)));
  const [rows, setRows] = useState<ClaimRow[]>(() => FIRST.claims.map(([claim, value]) => row(claim, value)));
  const choose = (id: Provider["id"]) => {
    const chosen = PROVIDERS.find((one) => one.id === id) ?? FIRST;
    setProvider(chosen);
    setIssuer(chosen.issuer);
    setRows(chosen.claims.map(([claim, value]) => row(claim, value)));
  };
  const problem = problemOf(rows);
  return (
    <Form
      verb="Trust these jobs"
      valid={name.trim() !== "" && issuer !== "" && audience !== "" && problem === ""}
      cancel={cancel}
      submit={() =>
        create({
          name: name.trim(),
          issuer: issuer.trim(),
          audience: audience.trim(),
          claims: claimsOf(rows),
          access_level: Number(level),
        })
      }
    >
      <div className="pair">
        <TextField label="Name" value={name} change={setName} autoFocus hint="Such as training on main." />
        <SelectField
          label="CI"
          value={provider.id}
          options={PROVIDERS.map((one) => ({ value: one.id, label: one.label }))}
          change={choose}
        />
      </div>
      <TextField
        label="Issuer"
        type="url"
        value={issuer}
        change={setIssuer}
        hint="As it stands in the token's claim iss. The server's operator has to allow its address."
      />
      <TextField
        label="Audience"
        value={audience}
        change={setAudience}
        hint="The job asks for a token for exactly this: the address of this server keeps tokens for others out."
      />
      <fieldset className="plain">
        <legend>Claims that the token must have</legend>
        {rows.map((one) => (
          <ClaimFields
            key={one.id}
            row={one}
            known={provider.known}
            change={(change) => setRows(rows.map((old) => (old.id === one.id ? { ...old, ...change } : old)))}
            remove={() => setRows(rows.filter((old) => old.id !== one.id))}
          />
        ))}
        <div className="row wrap">
          <button type="button" className="button small" onClick={() => setRows([...rows, row("", "")])}>
            <Icon name="plus" size={12} /> Another claim
          </button>
          <span className="quiet" role="status">
            {problem}
          </span>
        </div>
      </fieldset>
      <SelectField
        label="Role"
        value={level}
        options={rolesUpTo(upTo).map((role) => ({ value: String(role.level), label: role.name }))}
        change={setLevel}
        hint="What such a job is in this project. Developer is enough to log runs and register models."
      />
    </Form>
  );
}

interface RowProps {
  row: ClaimRow;
  known: string[];
  change: (change: Partial<ClaimRow>) => void;
  remove: () => void;
}

function ClaimFields({ row, known, change, remove }: RowProps) {
  const list = useId();
  const name = row.claim || "new claim";
  return (
    <div className="claim">
      <input
        className="input mono"
        aria-label="Claim"
        list={list}
        value={row.claim}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => change({ claim: event.target.value })}
      />
      <datalist id={list}>
        {known.map((claim) => (
          <option key={claim} value={claim} />
        ))}
      </datalist>
      <select
        className="input"
        aria-label={`How ${name} is compared`}
        value={row.match}
        onChange={(event) => change({ match: event.target.value as ClaimRow["match"] })}
      >
        <option value="exact">is exactly</option>
        <option value="pattern">pattern</option>
      </select>
      <input
        className="input mono"
        aria-label={`What ${name} must be`}
        placeholder={row.match === "pattern" ? "release-*" : ""}
        value={row.value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => change({ value: event.target.value })}
      />
      <button
        type="button"
        className="button icon plain small"
        aria-label={`Without ${name}`}
        onClick={remove}
      >
        <Icon name="close" size={12} />
      </button>
    </div>
  );
}
