// Who one is here, and by what name.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { sessionQuery } from "../../api/queries.ts";
import type { Session } from "../../api/session.ts";
import { updateOwn } from "../../api/users.ts";
import { TextField } from "../../components/Field.tsx";
import { Form } from "../../components/Form.tsx";
import { Badge, Failure, SkeletonRows, useTitle } from "../../components/parts.tsx";
import { Section } from "../../components/SettingsFrame.tsx";
import { toast } from "../../components/toast.tsx";

const WAYS: Record<string, string> = {
  password: "by password",
  link: "by a one-time link",
  oidc: "through the provider",
};

export function Profile() {
  useTitle("Profile");
  const { data, error, isPending, refetch } = useQuery(sessionQuery);
  if (isPending) return <SkeletonRows rows={4} />;
  if (error) return <Failure error={error} retry={() => void refetch()} what="profile" />;
  return (
    <Section
      title="Profile"
      about={
        data.signedIn ? undefined : "This server runs without sign-in: everybody who reaches it is root."
      }
    >
      <dl className="facts">
        <dt>User name</dt>
        <dd className="mono">{data.username}</dd>
        <dt>Rights</dt>
        <dd>{data.administrator ? <Badge tone="warn">administrator</Badge> : "user"}</dd>
        {data.signedIn && (
          <>
            <dt>Signed in</dt>
            <dd>{WAYS[data.method] ?? data.method}</dd>
          </>
        )}
      </dl>
      <ProfileForm key={data.id} session={data} />
    </Section>
  );
}

function ProfileForm({ session }: { session: Session }) {
  const client = useQueryClient();
  const [name, setName] = useState(session.name);
  const [email, setEmail] = useState(session.email ?? "");
  const changes = {
    ...(name.trim() !== session.name && { name: name.trim() }),
    ...(email.trim() !== (session.email ?? "") && { email: email.trim() }),
  };
  return (
    <Form
      verb="Save"
      valid={Object.keys(changes).length > 0 && name.trim() !== ""}
      submit={async () => {
        await updateOwn(changes);
        toast("Saved");
        // Lists of members and users show the name, too.
        await Promise.all(
          ["session", "members", "users"].map((word) => client.invalidateQueries({ queryKey: [word] })),
        );
      }}
    >
      <TextField
        label="Name"
        value={name}
        change={setName}
        autoComplete="name"
        hint="What others read beside your runs and models. Your user name stays."
      />
      <TextField
        label="E-mail"
        type="email"
        value={email}
        change={setEmail}
        autoComplete="email"
        disabled={!session.administrator}
        hint={
          session.administrator
            ? undefined
            : "An administrator changes it: this server sends no mails and cannot see whose an address is."
        }
      />
    </Form>
  );
}
