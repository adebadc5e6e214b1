// Stands where somebody may not look, or may not look any more.

import { Link } from "@tanstack/react-router";
import { roleName } from "../lib/role.ts";

/** A role that is too low: 403, said before it is asked. */
export function Refused({ what, level, needs }: { what: string; level: number; needs: number }) {
  return (
    <div className="card" role="alert">
      <div className="empty">
        <h2>You may not see {what}</h2>
        <p>
          {level > 0 ? `You are ${roleName(level)} here` : "You are no member here"}; it needs{" "}
          {roleName(needs)}. Ask a maintainer of the project.
        </p>
        <Link to="/" className="button">
          To the projects
        </Link>
      </div>
    </div>
  );
}
