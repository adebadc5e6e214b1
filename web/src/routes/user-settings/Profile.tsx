// Who one is here.

import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "../../api/queries.ts";
import { Badge, Failure, SkeletonRows, useTitle } from "../../components/parts.tsx";
import { Section } from "../../components/SettingsFrame.tsx";

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
        data.signedIn
          ? "An administrator changes these."
          : "This server runs without sign-in: everybody who reaches it is root."
      }
    >
      <dl className="facts">
        <dt>Name</dt>
        <dd>{data.name}</dd>
        <dt>User name</dt>
        <dd className="mono">{data.username}</dd>
        <dt>E-mail</dt>
        <dd>{data.email ?? <span className="quiet">none</span>}</dd>
        <dt>Rights</dt>
        <dd>{data.administrator ? <Badge tone="warn">administrator</Badge> : "user"}</dd>
        {data.signedIn && (
          <>
            <dt>Signed in</dt>
            <dd>{WAYS[data.method] ?? data.method}</dd>
          </>
        )}
      </dl>
    </Section>
  );
}
