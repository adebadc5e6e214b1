// After a step to another page: the keyboard goes on at its content, and screen readers hear its title.

import { useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

/** Pages set their title with what they show first. */
const SETTLED_MS = 400;

export function Announcer() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef<string>(undefined);
  const [title, setTitle] = useState("");
  useEffect(() => {
    const first = before.current === undefined;
    before.current = path;
    if (first) return;
    const { activeElement } = document;
    // What somebody stands on stays, where it is still there; a dialog keeps its own.
    if (activeElement === null || activeElement === document.body)
      document.getElementById("main")?.focus({ preventScroll: true });
    const timer = setTimeout(() => setTitle(document.title), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [path]);
  return (
    <div className="visually-hidden" aria-live="polite">
      {title}
    </div>
  );
}
