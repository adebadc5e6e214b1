// A quiet mark when the server's events do not arrive: what is shown may be a little old.

import { useEffect, useState } from "react";
import { useLive } from "../api/live.ts";
import { Icon } from "./Icon.tsx";

/** A connection that comes back at once is nobody's concern. */
const PATIENCE_MS = 2500;

export function LiveMark() {
  const lost = useLive() === "lost";
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!lost) return setShown(false);
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <span role="status" className="live-mark">
      {shown && (
        <span
          className="row quiet"
          title="Live updates do not arrive at the moment; the pages ask from time to time instead."
        >
          <Icon name="offline" size={14} />
          <span className="only-large">Not live</span>
          <span className="visually-hidden only-small">Live updates do not arrive at the moment</span>
        </span>
      )}
    </span>
  );
}
