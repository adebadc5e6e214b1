// A token that has just been made: the only time that anybody sees it.

import { useEffect, useRef } from "react";
import type { Token } from "../api/tokens.ts";
import { shell } from "../lib/snippets.ts";
import { CopyButton, Snippet } from "./parts.tsx";

interface Props {
  made: Token;
  /** The tracking address, of a project's token. */
  uri?: string;
  done: () => void;
}

export function TokenSecret({ made, uri, done }: Props) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => card.current?.focus(), []);
  const secret = made.token ?? "";
  return (
    <section ref={card} tabIndex={-1} className="secret" aria-label="New token">
      <h2>Token “{made.name}” is made</h2>
      <p>Copy it now: it is not shown again. It ends on {made.expires_at}.</p>
      <div className="snippet">
        <pre tabIndex={0} role="region" aria-label="The token">
          {secret}
        </pre>
        <CopyButton text={secret} label="Copy the token" />
      </div>
      <p>In a shell, before Python:</p>
      <Snippet
        label="Shell"
        code={uri ? shell({ uri, token: secret }) : `export MLFLOW_TRACKING_TOKEN=${secret}`}
      />
      <div>
        <button type="button" className="button" onClick={done}>
          I have copied it
        </button>
      </div>
    </section>
  );
}
