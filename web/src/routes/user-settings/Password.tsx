// A new password for oneself.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { sessionQuery } from "../../api/queries.ts";
import { changePassword } from "../../api/session.ts";
import { TextField } from "../../components/Field.tsx";
import { Form } from "../../components/Form.tsx";
import { SkeletonRows, useTitle } from "../../components/parts.tsx";
import { Section } from "../../components/SettingsFrame.tsx";
import { toast } from "../../components/toast.tsx";

const LEAST = 8;
const MOST = 128;

export function Password() {
  useTitle("Password");
  const { data: session } = useQuery(sessionQuery);
  if (!session) return <SkeletonRows rows={3} />;
  if (!session.signedIn)
    return (
      <Section title="Password" about="Nobody signs in on this server, so there is no password to change." />
    );
  return <PasswordForm byLink={session.method === "link"} />;
}

function PasswordForm({ byLink }: { byLink: boolean }) {
  const client = useQueryClient();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const differs = again !== "" && again !== next;
  return (
    <Section title="Password" about="Your other sessions end when it changes. Access tokens stay.">
      <Form
        verb="Change password"
        valid={next.length >= LEAST && next.length <= MOST && again === next && (byLink || current !== "")}
        submit={async () => {
          await changePassword(current || undefined, next);
          setCurrent("");
          setNext("");
          setAgain("");
          await client.invalidateQueries({ queryKey: ["session"] });
          toast("The password is changed");
        }}
      >
        <TextField
          label="Current password"
          type="password"
          autoComplete="current-password"
          value={current}
          change={setCurrent}
          hint={byLink && "Not needed for 15 minutes after you signed in by a one-time link."}
        />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          value={next}
          change={setNext}
          maxLength={MOST}
          hint={`${LEAST} to ${MOST} characters, not your user name.`}
        />
        <TextField
          label="The new password again"
          type="password"
          autoComplete="new-password"
          value={again}
          change={setAgain}
          maxLength={MOST}
          aria-invalid={differs}
          hint={differs && "It differs from the one above."}
        />
      </Form>
    </Section>
  );
}
