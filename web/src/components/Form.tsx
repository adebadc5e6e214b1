// A form on a page: its fields, its button, and what the server said to it.

import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { ApiError, address } from "../api/client.ts";
import { hold } from "../lib/unsaved.ts";

interface Said {
  text: string;
  /** The session ended: what was typed stays, and one signs in beside it. */
  signedOut: boolean;
}

const NOTHING: Said = { text: "", signedOut: false };

/** Sends something once at a time, and keeps what the server refused it with. */
export function useSend(submit: () => Promise<unknown>) {
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState(NOTHING);
  async function send(): Promise<boolean> {
    setBusy(true);
    setSaid(NOTHING);
    try {
      await submit();
      return true;
    } catch (error) {
      setSaid({
        text: error instanceof Error ? error.message : String(error),
        signedOut: error instanceof ApiError && error.status === 401,
      });
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem: said.text, signedOut: said.signedOut, send };
}

/** While `dirty`, an ended session does not take the page away. */
export function useUnsaved(dirty: boolean): void {
  useEffect(() => (dirty ? hold() : undefined), [dirty]);
}

export function Problem({ text, signedOut = false }: { text: string; signedOut?: boolean }) {
  if (!text) return null;
  return (
    <div className="notice bad" role="alert">
      {signedOut ? (
        <span>
          Your session has ended. What you wrote is still here:{" "}
          <a href={address("-/sign-in")} target="_blank" rel="noreferrer">
            sign in in a new tab
          </a>
          , then send it again.
        </span>
      ) : (
        text
      )}
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
  const { busy, problem, signedOut, send } = useSend(submit);
  const [dirty, setDirty] = useState(false);
  useUnsaved(dirty);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (await send()) setDirty(false);
  };
  return (
    <form className="stack form" onChange={() => setDirty(true)} onSubmit={(event) => void onSubmit(event)}>
      {children}
      <Problem text={problem} signedOut={signedOut} />
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
