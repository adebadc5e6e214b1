// Dialogs: a frame, one that asks before something is done, and one with a form.

import * as Radix from "@radix-ui/react-dialog";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Problem, useSend, useUnsaved } from "./Form.tsx";

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
  const { busy, problem, signedOut, send } = useSend(submit);
  const [dirty, setDirty] = useState(false);
  const [leaving, setLeaving] = useState(false);
  useUnsaved(dirty);

  async function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (await send()) close();
  }

  return (
    <Dialog title={title} close={() => (dirty ? setLeaving(true) : close())} wide={wide}>
      <form className="stack" onChange={() => setDirty(true)} onSubmit={(event) => void onSubmit(event)}>
        {children}
        <Problem text={problem} signedOut={signedOut} />
        {leaving ? (
          <Leave stay={() => setLeaving(false)} leave={close} />
        ) : (
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
        )}
      </form>
    </Dialog>
  );
}

/** Escape, or a click beside the dialog, may have been meant for something else: it asks before text is lost. */
function Leave({ stay, leave }: { stay: () => void; leave: () => void }) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <fieldset className="actions" aria-labelledby="leave-form">
      <span id="leave-form" role="alert">
        Discard what you wrote?
      </span>
      <button type="button" ref={first} className="button" onClick={stay}>
        Go on writing
      </button>
      <button type="button" className="button danger" onClick={leave}>
        Discard
      </button>
    </fieldset>
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
