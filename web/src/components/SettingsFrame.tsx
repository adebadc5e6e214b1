// What all pages of settings have in common: a title, the list of sections, and the section that is open.

import type { ReactNode } from "react";
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
  return (
    <div className="page settings">
      <div className="page-head">
        <div className="titles">
          {of && <div className="crumbs">{of}</div>}
          <h1>{title}</h1>
        </div>
      </div>
      <nav className="sections" aria-label="Sections">
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
