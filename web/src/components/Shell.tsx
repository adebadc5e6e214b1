// The frame of every page: header, navigation of the project, theme, account.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation, useNavigate, useParams } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { useRole, useTrackingUri } from "../api/access.ts";
import { projectQuery, sessionQuery } from "../api/queries.ts";
import { signOut } from "../api/session.ts";
import { pathOf } from "../lib/project.ts";
import { MAINTAINER } from "../lib/role.ts";
import { readTheme, setTheme, type Theme } from "../lib/theme.ts";
import { Announcer } from "./Announcer.tsx";
import { Icon, type IconName, Logo } from "./Icon.tsx";
import { KeyHelp } from "./KeyHelp.tsx";
import { LiveMark } from "./LiveMark.tsx";
import { type Action, Menu } from "./Menu.tsx";
import { Palette } from "./Palette.tsx";
import { copyText } from "./parts.tsx";
import { RowKeys } from "./RowKeys.tsx";
import { Toasts, toast } from "./toast.tsx";

const active = { "aria-current": "page" } as const;

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
          <span className="only-large">Weir</span>
        </Link>
        {project ? <ProjectNav project={project} /> : <MainNav />}
        <span className="grow" />
        {project && <LiveMark />}
        {project && <ProjectMenu project={project} />}
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
  const level = useRole();
  const params = { project };
  // Runs have addresses of their own, and are reached from their experiment.
  const below = useLocation({
    select: ({ pathname }) => /\/-\/ml\/(candidates|compare|logged-models)(\/|$)/.test(pathname),
  });
  return (
    <>
      <span className="project-name only-large">
        <span className="quiet">/</span>
        <span className="truncate">{pathOf(project).replaceAll("/", " / ")}</span>
      </span>
      <nav className="shell-nav" aria-label="Project">
        <Link
          to="/p/$project/-/ml/experiments"
          params={params}
          activeProps={active}
          aria-current={below ? "true" : undefined}
        >
          Experiments
        </Link>
        <Link to="/p/$project/-/ml/models" params={params} activeProps={active}>
          Models
        </Link>
        {level !== undefined && (
          <Link
            to={level >= MAINTAINER ? "/p/$project/-/settings" : "/p/$project/-/settings/members"}
            params={params}
            activeProps={active}
            className="only-large"
          >
            {level >= MAINTAINER ? "Settings" : "Members"}
          </Link>
        )}
      </nav>
    </>
  );
}

/** Where one is not in a project. */
function MainNav() {
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  return (
    <nav className="shell-nav" aria-label="Server">
      <Link to="/" activeProps={active} activeOptions={{ exact: true, includeSearch: false }}>
        Projects
      </Link>
      <Link to="/groups" activeProps={active}>
        Groups
      </Link>
      {session.administrator && (
        <Link to="/admin/users" activeProps={active}>
          Users
        </Link>
      )}
    </nav>
  );
}

/** What one does with the project as a whole. */
function ProjectMenu({ project }: { project: string }) {
  const uri = useTrackingUri();
  const level = useRole();
  const { data } = useQuery(projectQuery(project));
  const navigate = useNavigate();
  const copy = async (text: string, what: string) => {
    const done = await copyText(text);
    toast(done ? `${what} is on the clipboard` : `${what} is ${text}`);
  };
  const go = (to: "/p/$project/-/settings" | "/p/$project/-/settings/members") => () =>
    void navigate({ to, params: { project } });
  const actions: Action[] = [
    { label: "Copy tracking URI", run: () => void copy(uri, "The tracking URI") },
    { label: "Copy project ID", run: () => void copy(String(data?.id), "The project's ID"), disabled: !data },
    { label: "Members", run: go("/p/$project/-/settings/members"), apart: true },
  ];
  if (level !== undefined && level >= MAINTAINER)
    actions.push({ label: "Settings", run: go("/p/$project/-/settings") });
  return (
    <Menu
      trigger={
        <button type="button" className="button icon plain" aria-label="Project actions">
          <Icon name="more" />
        </button>
      }
      actions={actions}
    />
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
        { label: "Your settings", apart: true, run: () => void navigate({ to: "/-/user_settings/profile" }) },
        {
          label: "Access tokens",
          run: () => void navigate({ to: "/-/user_settings/personal_access_tokens" }),
        },
        { label: "Groups", run: () => void navigate({ to: "/groups" }), apart: true },
        ...(session.administrator
          ? [{ label: "Users", run: () => void navigate({ to: "/admin/users" }) }]
          : []),
        { label: "Sign out", apart: true, disabled: !session.signedIn, run: () => void leave() },
      ]}
    />
  );
}
