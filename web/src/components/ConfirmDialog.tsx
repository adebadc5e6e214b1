// Asks before something is done that takes something away.

import type { ReactNode } from "react";
import { FormDialog } from "./Dialog.tsx";

interface Confirm {
  title: string;
  verb: string;
  danger?: boolean;
  close: () => void;
  submit: () => Promise<unknown>;
  children: ReactNode;
}

export function ConfirmDialog({ title, verb, danger = true, close, submit, children }: Confirm) {
  return (
    <FormDialog title={title} verb={verb} danger={danger} close={close} submit={submit}>
      <p>{children}</p>
    </FormDialog>
  );
}
