// Signing in with a password, and back to where one was going.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { address } from "../../api/client.ts";
import { getMethods, signIn } from "../../api/session.ts";
import { Logo } from "../../components/Icon.tsx";
import { useTitle } from "../../components/parts.tsx";

/** Only addresses of this server: a link to this page must not lead elsewhere. */
function safeTarget(to: string | undefined): string {
  if (!to) return document.baseURI;
  const target = new URL(to, document.baseURI);
  return target.origin === location.origin ? target.href : document.baseURI;
}

/** The server sends people to the provider, and afterwards to where they were going. */
function providerAddress(path: string, to: string | undefined): string {
  const target = new URL(safeTarget(to));
  const base = new URL(document.baseURI).pathname;
  const inside = `/${target.pathname.slice(base.length)}${target.search}`;
  return address(path.replace(/^\//, ""), { return_to: inside });
}

export function SignIn() {
  useTitle("Sign in");
  const { to } = useSearch({ from: "/-/sign-in" });
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const router = useRouter();
  const methods = useQuery({ queryKey: ["sign-in-methods"], queryFn: ({ signal }) => getMethods(signal) });

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      await signIn(username, password);
      client.clear();
      const target = new URL(safeTarget(to));
      router.history.replace(target.pathname + target.search + target.hash);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  }

  return (
    <div className="sign-in card">
      <form className="stack body" style={{ padding: 24 }} onSubmit={(event) => void submit(event)}>
        <div className="row">
          <Logo />
          <h1>Sign in to Weir</h1>
        </div>
        <div className="field">
          <label htmlFor="username">User name</label>
          <input
            id="username"
            className="input"
            autoComplete="username"
            autoCapitalize="none"
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="password">Password</label>
          <input
            id="password"
            className="input"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </div>
        {methods.data?.no_auth && (
          <div className="notice">
            Nobody needs to sign in here: <Link to="/">to the projects</Link>.
          </div>
        )}
        {problem && (
          <div className="notice bad" role="alert">
            {problem}
          </div>
        )}
        <button type="submit" className="button primary" disabled={busy || !username || !password}>
          Sign in
        </button>
        {methods.data?.oidc && (
          <a className="button" href={providerAddress(methods.data.oidc.path, to)}>
            Sign in with {methods.data.oidc.name}
          </a>
        )}
      </form>
    </div>
  );
}
