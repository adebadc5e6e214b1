// What stands in the place of a page that threw, or whose code could not be loaded.

import { type ErrorComponentProps, Link, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTitle } from "./parts.tsx";

export function Broken({ error }: ErrorComponentProps) {
  const { project } = useParams({ strict: false });
  useTitle("Something went wrong");
  useEffect(() => console.error(error), [error]);
  const [away, setAway] = useState(false);
  const reload = async () => {
    // The browser's own page about a server that is away has no way back to here.
    const answers = await fetch(document.baseURI, { method: "HEAD", cache: "no-store" }).then(
      () => true,
      () => false,
    );
    if (answers) window.location.reload();
    else setAway(true);
  };
  return (
    <div className="page">
      <div className="card" role="alert">
        <div className="empty">
          <h1>This page could not be shown</h1>
          <p>
            Nothing was lost: what the server has acknowledged is stored. Perhaps the server was updated while
            the page was open, or the network was away.
          </p>
          <div className="row">
            <button type="button" className="button primary" onClick={() => void reload()}>
              Reload
            </button>
            {project === undefined ? (
              <Link to="/" className="button">
                To the projects
              </Link>
            ) : (
              <Link to="/p/$project/-/ml/experiments" params={{ project }} className="button">
                Back to the experiments
              </Link>
            )}
          </div>
          {away && <p role="status">The server does not answer yet. Try again in a while.</p>}
          <details>
            <summary className="quiet">What went wrong</summary>
            <p className="mono">{error instanceof Error ? error.message : String(error)}</p>
          </details>
        </div>
      </div>
    </div>
  );
}
