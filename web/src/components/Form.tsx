// A form on a page: its fields, its button, and what the server said to it.

import { type FormEvent, type ReactNode, useState } from "react";

/** Sends something once at a time, and keeps what the server refused it with. */
export function useSend(submit: () => Promise<unknown>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  async function send() {
    setBusy(true);
    setProblem("");
    try {
      await submit();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, send };
}

export function Problem({ text }: { text: string }) {
  if (!text) return null;
  return (
    <div className="notice bad" role="alert">
      {text}
    </div>
  );
}

interface Props {
  verb: string;
  /** Whether what was filled in can be sent. */
  valid?: boolean;
  cancel?: () => void;
  submit: () => Promise<unknown>;
  children: ReactNode;
}

export function Form({ verb, valid = true, cancel, submit, children }: Props) {
  const { busy, problem, send } = useSend(submit);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };
  return (
    <form className="stack form" onSubmit={onSubmit}>
      {children}
      <Problem text={problem} />
      <div className="row">
        <button type="submit" className="button primary" disabled={busy || !valid}>
          {verb}
        </button>
        {cancel && (
          <button type="button" className="button" onClick={cancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}
