// A one-time link that has just been made: the only time that anybody sees it.

import { useEffect, useRef } from "react";
import type { SignInLink, User } from "../../api/users.ts";
import { CopyButton, Time } from "../../components/parts.tsx";

export function LinkSecret({ user, link, done }: { user: User; link: SignInLink; done: () => void }) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => card.current?.focus(), []);
  return (
    <section ref={card} tabIndex={-1} className="secret" aria-label="Sign-in link">
      <h2>A link that signs {user.username} in, once</h2>
      <p>
        Give it to {user.name}, who can choose a password with it. It works until{" "}
        <Time at={Date.parse(link.expires_at)} />, and is not shown again.
      </p>
      <div className="snippet">
        <pre tabIndex={0} role="region" aria-label="The link">
          {link.url}
        </pre>
        <CopyButton text={link.url} label="Copy the link" />
      </div>
      <div>
        <button type="button" className="button" onClick={done}>
          I have copied it
        </button>
      </div>
    </section>
  );
}
