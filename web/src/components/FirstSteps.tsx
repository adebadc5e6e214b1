// How to log a first run to this project: code that works when pasted, with a token in it that is made on request.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMayWrite, useTrackingUri } from "../api/access.ts";
import { sessionQuery } from "../api/queries.ts";
import { createOwnToken, type Token } from "../api/tokens.ts";
import { dayAfter } from "../lib/days.ts";
import { githubWithToken, gitlabWithToken, python } from "../lib/snippets.ts";
import { Problem, useSend } from "./Form.tsx";
import { CopyButton, Snippet } from "./parts.tsx";

const KINDS = [
  { id: "python", label: "Python" },
  { id: "gitlab", label: "GitLab CI" },
  { id: "github", label: "GitHub Actions" },
] as const;

type Kind = (typeof KINDS)[number]["id"];

const MAKERS = { python, gitlab: gitlabWithToken, github: githubWithToken };

/** Long enough to try things out; whoever goes on makes one of their own. */
const TOKEN_DAYS = 7;

export function FirstSteps({ experiment }: { experiment: string }) {
  const [kind, setKind] = useState<Kind>("python");
  const [made, setMade] = useState<Token>();
  const uri = useTrackingUri();
  const { data: session } = useQuery(sessionQuery);
  const writable = useMayWrite();
  // A token of somebody who may only look at it logs nothing.
  if (!writable) return null;
  const asks = session?.signedIn ?? false;
  const token = asks ? (made?.token ?? "<your access token>") : undefined;
  const label = KINDS.find((one) => one.id === kind)?.label ?? "";
  return (
    <div className="stack first-steps">
      <div className="row" role="group" aria-label="Where it runs">
        {KINDS.map((one) => (
          <button
            key={one.id}
            type="button"
            className="button small"
            aria-pressed={kind === one.id}
            onClick={() => setKind(one.id)}
          >
            {one.label}
          </button>
        ))}
      </div>
      <Snippet label={label} code={MAKERS[kind]({ uri, token }, experiment)} />
      {asks && <TokenLine kind={kind} made={made} setMade={setMade} />}
    </div>
  );
}

interface LineProps {
  kind: Kind;
  made: Token | undefined;
  setMade: (token: Token) => void;
}

function TokenLine({ kind, made, setMade }: LineProps) {
  const { busy, problem, send } = useSend(async () => {
    const wish = { name: "first steps", scopes: ["api"], expires_at: dayAfter(TOKEN_DAYS) };
    setMade(await createOwnToken(wish));
  });
  if (!made) {
    return (
      <>
        <div className="row wrap">
          <button type="button" className="button primary" disabled={busy} onClick={() => void send()}>
            {kind === "python" ? "Make a token and put it in" : "Make a token"}
          </button>
          <span className="quiet">It lasts {TOKEN_DAYS} days and may do what you may.</span>
        </div>
        <Problem text={problem} />
      </>
    );
  }
  return (
    <div className="stack">
      {kind !== "python" && (
        <div className="snippet">
          <pre tabIndex={0} role="region" aria-label="The token">
            {made.token}
          </pre>
          <CopyButton text={made.token ?? ""} label="Copy the token" />
        </div>
      )}
      <p>
        {kind !== "python" && "Store it in the CI as MLFLOW_TRACKING_TOKEN, masked. "}
        The token is shown here once, and ends on {made.expires_at}.{" "}
        <Link to="/-/user_settings/personal_access_tokens">Your tokens</Link>
      </p>
    </div>
  );
}
