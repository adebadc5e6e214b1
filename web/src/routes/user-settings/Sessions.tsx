// Where one is signed in, and how to end that.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { sessionQuery } from "../../api/queries.ts";
import { endSession, type SessionInfo, signOutEverywhere } from "../../api/session.ts";
import { sessionsQuery } from "../../api/settings.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Badge, Failure, Scroll, SkeletonRows, Time, useTitle } from "../../components/parts.tsx";
import { Section } from "../../components/SettingsFrame.tsx";
import { toast } from "../../components/toast.tsx";
import { describeBrowser } from "../../lib/browser.ts";

const WAYS: Record<string, string> = { password: "password", link: "one-time link", oidc: "provider" };

export function Sessions() {
  useTitle("Sessions");
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: own } = useQuery(sessionQuery);
  const list = useQuery(sessionsQuery);
  const [ending, setEnding] = useState<SessionInfo>();
  const [leaving, setLeaving] = useState(false);
  const leave = async () => {
    await navigate({ to: "/-/sign-in" });
    client.clear();
  };
  return (
    <>
      <Section
        title="Sessions"
        about="Each browser in which you are signed in. A session ends after 7 days without use, and after 30 days in any case."
        action={
          own?.signedIn && (
            <button type="button" className="button small danger" onClick={() => setLeaving(true)}>
              Sign out everywhere
            </button>
          )
        }
      />
      {list.isPending && <SkeletonRows rows={3} />}
      {list.isError && (
        <Failure error={list.error} retry={() => void list.refetch()} what="list of sessions" />
      )}
      {list.data?.length === 0 && <p className="quiet">Nobody is signed in.</p>}
      {list.data && list.data.length > 0 && <SessionTable sessions={list.data} end={setEnding} />}
      {ending && (
        <ConfirmDialog
          title={ending.current ? "Sign out here?" : "End this session?"}
          verb={ending.current ? "Sign out" : "End session"}
          close={() => setEnding(undefined)}
          submit={async () => {
            await endSession(ending.id);
            if (ending.current) return leave();
            toast("The session has ended");
            await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
          }}
        >
          {describeBrowser(ending.user_agent)} at {ending.address} is signed out at once.
        </ConfirmDialog>
      )}
      {leaving && (
        <ConfirmDialog
          title="Sign out everywhere?"
          verb="Sign out everywhere"
          close={() => setLeaving(false)}
          submit={async () => {
            await signOutEverywhere();
            await leave();
          }}
        >
          All sessions end, this one too. Access tokens stay as they are.
        </ConfirmDialog>
      )}
    </>
  );
}

function SessionTable({ sessions, end }: { sessions: SessionInfo[]; end: (session: SessionInfo) => void }) {
  return (
    <Scroll card label="Your sessions">
      <table className="data">
        <thead>
          <tr>
            <th>Browser</th>
            <th>Address</th>
            <th>Last used</th>
            <th className="only-large">Signed in</th>
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id}>
              <th scope="row" title={session.user_agent}>
                {describeBrowser(session.user_agent)} {session.current && <Badge tone="good">this one</Badge>}
              </th>
              <td className="mono">{session.address}</td>
              <td>
                <Time at={Date.parse(session.last_used_at)} />
              </td>
              <td className="only-large">
                <Time at={Date.parse(session.created_at)} />{" "}
                <span className="quiet">by {WAYS[session.method] ?? session.method}</span>
              </td>
              <td className="num">
                <button type="button" className="button small danger" onClick={() => end(session)}>
                  {session.current ? "Sign out" : "End"}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
