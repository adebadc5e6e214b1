// The frame of every page: header, navigation of the project, theme, account.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { useTrackingUri } from "../api/access.ts";
import { sessionQuery } from "../api/queries.ts";
import { signOut } from "../api/session.ts";
import { pathOf } from "../lib/project.ts";
import { readTheme, setTheme, type Theme } from "../lib/theme.ts";
import { Announcer } from "./Announcer.tsx";
import { Icon, type IconName, Logo } from "./Icon.tsx";
import { KeyHelp } from "./KeyHelp.tsx";
import { LiveMark } from "./LiveMark.tsx";
import { Menu } from "./Menu.tsx";
import { Palette } from "./Palette.tsx";
import { copyText } from "./parts.tsx";
import { RowKeys } from "./RowKeys.tsx";
import { Toasts, toast } from "./toast.tsx";

export function Shell({ children }: { children: ReactNode }) {
  const { project } = useParams({ strict: false });
  return (
    <>
      <button type="button" className="skip button" onClick={() => document.getElementById("main")?.focus()}>
        Skip to content
      </button>
      <header className="shell-header">
        <Link to="/" className="brand" aria-label="Weir, projects">
          <Logo />
          <span className={project ? "only-large" : ""}>Weir</span>
        </Link>
        {project && <ProjectNav project={project} />}
        <span className="grow" />
        {project && <LiveMark />}
        {project && <TrackingButton />}
        <Palette />
        <ThemeMenu />
        <Account />
      </header>
      <main id="main" tabIndex={-1} style={{ outline: "none" }}>
        {children}
      </main>
      <KeyHelp />
      <RowKeys />
      <Announcer />
      <Toasts />
    </>
  );
}

function ProjectNav({ project }: { project: string }) {
  const active = { "aria-current": "page" } as const;
  return (
    <>
      <span className="project-name only-large">
        <span className="quiet">/</span>
        <span className="truncate">{pathOf(project).replaceAll("/", " / ")}</span>
      </span>
      <nav className="shell-nav" aria-label="Project">
        <Link to="/p/$project/-/ml/experiments" params={{ project }} activeProps={active}>
          Experiments
        </Link>
        <Link to="/p/$project/-/ml/models" params={{ project }} activeProps={active}>
          Models
        </Link>
      </nav>
    </>
  );
}

function TrackingButton() {
  const uri = useTrackingUri();
  const copy = async () => {
    const done = await copyText(uri);
    toast(done ? "The tracking URI is on the clipboard" : `The tracking URI is ${uri}`);
  };
  return (
    <button type="button" className="button plain only-large" onClick={() => void copy()}>
      <Icon name="link" /> Copy tracking URI
    </button>
  );
}

const THEMES: { theme: Theme; label: string; icon: IconName }[] = [
  { theme: "system", label: "As the system", icon: "screen" },
  { theme: "light", label: "Light", icon: "sun" },
  { theme: "dark", label: "Dark", icon: "moon" },
];

function ThemeMenu() {
  const [theme, setCurrent] = useState(readTheme);
  useEffect(() => {
    const read = () => setCurrent(readTheme());
    window.addEventListener("weir:theme", read);
    return () => window.removeEventListener("weir:theme", read);
  }, []);
  const icon = THEMES.find((one) => one.theme === theme)?.icon ?? "screen";
  return (
    <Menu
      trigger={
        <button type="button" className="button icon plain" aria-label="Theme">
          <Icon name={icon} />
        </button>
      }
      actions={THEMES.map((one) => ({
        label: one.theme === theme ? `${one.label} ✓` : one.label,
        run: () => setTheme(one.theme),
      }))}
    />
  );
}

function Account() {
  const { data: session } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const client = useQueryClient();
  if (!session) return null;
  // What was on the pages is nobody's any more.
  const leave = async () => {
    await signOut();
    await navigate({ to: "/-/sign-in" });
    client.clear();
  };
  return (
    <Menu
      trigger={
        <button type="button" className="button icon plain" aria-label={`Account of ${session.username}`}>
          <Icon name="user" />
        </button>
      }
      actions={[
        {
          label: session.signedIn ? `Signed in as ${session.username}` : "Everybody is root on this server",
          run: () => {},
          disabled: true,
        },
        { label: "Sign out", apart: true, disabled: !session.signedIn, run: () => void leave() },
      ]}
    />
  );
}
