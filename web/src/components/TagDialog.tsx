// Asks for the key and the value of a tag.

import { useState } from "react";
import type { KeyValue } from "../api/mlflow.ts";
import { FormDialog } from "./Dialog.tsx";

interface Props {
  title: string;
  verb: string;
  /** Stands below the value. */
  hint?: string;
  submit: (tag: KeyValue) => Promise<unknown>;
  close: () => void;
}

export function TagDialog({ title, verb, hint, submit, close }: Props) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  return (
    <FormDialog
      title={title}
      verb={verb}
      valid={key.trim() !== ""}
      close={close}
      submit={() => submit({ key: key.trim(), value })}
    >
      <div className="field">
        <label htmlFor="tag-key">Key</label>
        <input
          id="tag-key"
          className="input"
          autoComplete="off"
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor="tag-value">Value</label>
        <input
          id="tag-value"
          className="input"
          autoComplete="off"
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        {hint && <span className="hint">{hint}</span>}
      </div>
    </FormDialog>
  );
}
