// Dialogs: a frame, one that asks before something is done, and one with a form.

import * as Radix from "@radix-ui/react-dialog";
import { type FormEvent, type ReactNode, useState } from "react";

interface Frame {
  title: string;
  close: () => void;
  wide?: boolean;
  children: ReactNode;
}

export function Dialog({ title, close, wide, children }: Frame) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && close()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className={`dialog ${wide ? "wide" : ""}`} aria-describedby={undefined}>
          <Radix.Title asChild>
            <h2>{title}</h2>
          </Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface Form {
  title: string;
  /** What the button says. */
  verb: string;
  danger?: boolean;
  /** Whether what was filled in can be sent. */
  valid?: boolean;
  wide?: boolean;
  close: () => void;
  /** The dialog closes when it succeeds, and shows the server's sentence when it does not. */
  submit: () => Promise<unknown>;
  children: ReactNode;
}

export function FormDialog({ title, verb, danger, valid = true, wide, close, submit, children }: Form) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  async function send(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      await submit();
      close();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} close={close} wide={wide}>
      <form className="stack" onSubmit={(event) => void send(event)}>
        {children}
        {problem && (
          <div className="notice bad" role="alert">
            {problem}
          </div>
        )}
        <div className="actions">
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button
            type="submit"
            className={`button primary ${danger ? "danger" : ""}`}
            disabled={busy || !valid}
          >
            {verb}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface TextForm {
  title: string;
  verb: string;
  label: string;
  initial: string;
  hint?: string;
  /** Whether nothing is an answer. */
  optional?: boolean;
  close: () => void;
  submit: (text: string) => Promise<unknown>;
}

/** A form with one text in it. */
export function TextDialog(props: TextForm) {
  const { title, verb, label, initial, hint, optional, close, submit } = props;
  const [text, setText] = useState(initial);
  const field = { id: "dialog-text", className: "input", value: text, autoFocus: true };
  return (
    <FormDialog
      title={title}
      verb={verb}
      valid={text !== initial && (optional || text.trim() !== "")}
      close={close}
      submit={() => submit(text.trim())}
    >
      <div className="field">
        <label htmlFor="dialog-text">{label}</label>
        <input {...field} onChange={(event) => setText(event.target.value)} autoComplete="off" />
        {hint && <span className="hint">{hint}</span>}
      </div>
    </FormDialog>
  );
}
