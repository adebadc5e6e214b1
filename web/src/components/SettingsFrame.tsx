// What all pages of settings have in common: a title, the list of sections, and the section that is open.

import { type ReactNode, useEffect, useRef } from "react";
import "../styles/settings.css";

interface Props {
  title: string;
  /** Whose settings they are. */
  of?: ReactNode;
  /** Links to the sections. */
  sections: ReactNode;
  children: ReactNode;
}

export function SettingsFrame({ title, of, sections, children }: Props) {
  const list = useRef<HTMLElement>(null);
  const shown = useRef<HTMLElement>(null);
  // On a telephone the list is one line, and the section that is open may be beyond its end.
  useEffect(() => {
    const open = list.current?.querySelector<HTMLElement>("[aria-current]");
    // Once for each: which sections there are is known late.
    if (!list.current || !open || shown.current === open) return;
    shown.current = open;
    list.current.scrollLeft = open.offsetLeft - list.current.offsetLeft - 40;
  });
  return (
    <div className="page settings">
      <div className="page-head">
        <div className="titles">
          {of && <div className="crumbs">{of}</div>}
          <h1>{title}</h1>
        </div>
      </div>
      <nav ref={list} className="sections" aria-label="Sections">
        {sections}
      </nav>
      <div className="stack section">{children}</div>
    </div>
  );
}

/** A card of a section, with a heading and what it is for. */
export function Section({
  title,
  about,
  action,
  children,
}: {
  title: string;
  about?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
        {action}
      </header>
      <div className="body stack">
        {about && <p className="about">{about}</p>}
        {children}
      </div>
    </section>
  );
}
