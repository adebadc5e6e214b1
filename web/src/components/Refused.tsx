// Stands where somebody may not look, or may not look any more.

import { Link } from "@tanstack/react-router";
import { OWNER, roleName } from "../lib/role.ts";

interface Props {
  what: string;
  of?: "project" | "group";
  level: number;
  needs: number;
}

/** A role that is too low: 403, said before it is asked. */
export function Refused({ what, of = "project", level, needs }: Props) {
  return (
    <div className="card" role="alert">
      <div className="empty">
        <h2>You may not see {what}</h2>
        <p>
          {level > 0 ? `You are ${roleName(level)} here` : "You are no member here"}; it needs{" "}
          {roleName(needs)}. Ask {needs === OWNER ? "an owner" : "a maintainer"} of the {of}.
        </p>
        <Link to="/" className="button">
          To the projects
        </Link>
      </div>
    </div>
  );
}
