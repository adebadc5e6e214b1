// A form for a text in Markdown, which shows what will become of it.

import { useId, useState } from "react";
import { FormDialog } from "./Dialog.tsx";
import { MarkdownText } from "./MarkdownText.tsx";

interface FieldProps {
  label: string;
  value: string;
  change: (text: string) => void;
  rows?: number;
  hint?: string;
}

export function MarkdownField({ label, value, change, rows = 10, hint }: FieldProps) {
  const [preview, setPreview] = useState(false);
  const id = useId();
  return (
    <div className="field">
      <div className="row spread">
        <label htmlFor={id} style={{ fontWeight: 500 }}>
          {label}
        </label>
        <button
          type="button"
          className="button small plain"
          aria-pressed={preview}
          disabled={value.trim() === "" && !preview}
          onClick={() => setPreview(!preview)}
        >
          Preview
        </button>
      </div>
      {/* Hidden, not gone: the browser's own undo goes on working. */}
      <textarea
        id={id}
        className="input"
        rows={rows}
        hidden={preview}
        aria-describedby={hint ? `${id}-hint` : undefined}
        value={value}
        onChange={(event) => change(event.target.value)}
      />
      {preview && (
        <div className="markdown-preview" role="region" aria-label="Preview" tabIndex={0}>
          <MarkdownText text={value} />
        </div>
      )}
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

interface DialogProps {
  title: string;
  initial: string;
  hint?: string;
  close: () => void;
  submit: (text: string) => Promise<unknown>;
}

export function MarkdownDialog({ title, initial, hint, close, submit }: DialogProps) {
  const [text, setText] = useState(initial);
  return (
    <FormDialog
      title={title}
      verb="Save"
      wide
      valid={text !== initial}
      close={close}
      submit={() => submit(text)}
    >
      <MarkdownField label="Markdown" value={text} change={setText} rows={14} hint={hint} />
    </FormDialog>
  );
}
