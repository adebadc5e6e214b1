// Every address of the pages. A project's full path is one segment here (lib/project.ts); the address bar has GitLab's form.

import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import type { FunctionComponent } from "react";
import { Broken } from "./components/Broken.tsx";
import { ProjectFrame } from "./components/ProjectFrame.tsx";
import { Shell } from "./components/Shell.tsx";
import { readMlflowHash, slugOf, toAddress, toRouter } from "./lib/project.ts";

/**
 * A page whose code comes with the first visit. Where it does not, `Broken` says so: the router's own answer is to
 * reload, which takes all that is open with it, and ends at the browser's own page while the server is down.
 */
function lazyPage<K extends string>(load: () => Promise<Record<K, FunctionComponent>>, name: K) {
  const found = (code: Record<K, FunctionComponent>) => ({ page: code[name] });
  const missing = (error: unknown) => {
    throw new Error("The code of this page did not arrive from the server.", { cause: error });
  };
  return lazyRouteComponent(() => load().then(found, missing), "page");
}

/** Keeps the named texts of an address's query, and nothing else. */
function keep<K extends string>(...names: K[]) {
  return (search: Record<string, unknown>): { [N in K]?: string } => {
    const kept: { [N in K]?: string } = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value === "string" && value !== "") kept[name] = value;
    }
    return kept;
  };
}

/** The same for a page with tabs: one that it does not have is none, and so the first. */
function keepTab<K extends string>(tabs: readonly string[], ...names: K[]) {
  const others = keep(...names);
  return (search: Record<string, unknown>): { [N in K | "tab"]?: string } => {
    const { tab } = search;
    // Said, not left out: what is left out stays as the parent route has it.
    const kept = typeof tab === "string" && tabs.includes(tab) ? tab : undefined;
    return { ...others(search), tab: kept };
  };
}

/** How charts are drawn: axis and its metric, smoothing, log scales, which metrics, sizes, what is folded away, zoom. */
const CHARTS = ["x", "smooth", "log", "logx", "find", "size", "wide", "shut", "zoom"] as const;

/** How the runs page is arranged: filter, order, columns, groups, and what was done with single runs (`lib/view.ts`). */
const EXPERIMENT = [
  ...(["q", "sort", "view", "flat", "by", "open", "brush"] as const),
  ...(["cols", "fix", "w", "differ"] as const),
  ...(["sel", "hide", "pin", "base", "color"] as const),
  ...(["plot", "axes", "sx", "sy"] as const),
];

const root = createRootRoute({
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
  notFoundComponent: NotFound,
});

function NotFound() {
  return (
    <div className="page">
      <div className="card">
        <div className="empty">
          <h1>There is no such page</h1>
          <p>The address may be mistyped, or what it named was renamed or removed.</p>
          <Link to="/" className="button">
            To the projects
          </Link>
        </div>
      </div>
    </div>
  );
}

/** MLflow's client prints links with a hash below the tracking address; each has a page here. */
function followMlflow(project: string, hash: string) {
  const { experiment, run, model, version } = readMlflowHash(hash);
  if (run) return redirect({ to: "/p/$project/-/ml/candidates/$run", params: { project, run } });
  if (experiment)
    return redirect({ to: "/p/$project/-/ml/experiments/$experiment", params: { project, experiment } });
  if (model && version) {
    const params = { project, model, version };
    return redirect({ to: "/p/$project/-/ml/models/$model/versions/$version", params });
  }
  if (model) return redirect({ to: "/p/$project/-/ml/models/$model", params: { project, model } });
  return redirect({ to: "/p/$project/-/ml/experiments", params: { project } });
}

/** What the server makes at its first start, and what the root mount is. */
const DEFAULT_PROJECT = "root/default";

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: ({ location }) => {
    if (location.hash.startsWith("/")) throw followMlflow(slugOf(DEFAULT_PROJECT), location.hash);
  },
  validateSearch: keep("q"),
  component: lazyPage(() => import("./routes/projects/Projects.tsx"), "Projects"),
});

const tracking = createRoute({
  getParentRoute: () => root,
  path: "/api/v4/projects/$reference/ml/mlflow",
  beforeLoad: ({ params, location }) => {
    throw followMlflow(slugOf(params.reference), location.hash);
  },
});

export const signInRoute = createRoute({
  getParentRoute: () => root,
  path: "/-/sign-in",
  validateSearch: keep("to"),
  component: lazyPage(() => import("./routes/sign-in/SignIn.tsx"), "SignIn"),
});

const project = createRoute({
  getParentRoute: () => root,
  path: "/p/$project/-/ml",
  component: ProjectFrame,
});

const projectHome = createRoute({
  getParentRoute: () => project,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/p/$project/-/ml/experiments", params });
  },
});

const experiments = createRoute({
  getParentRoute: () => project,
  path: "/experiments",
  validateSearch: keep("q", "sort", "view"),
  component: lazyPage(() => import("./routes/experiments/Experiments.tsx"), "Experiments"),
});

const experiment = createRoute({
  getParentRoute: () => project,
  path: "/experiments/$experiment",
  validateSearch: keepTab(["charts", "overview"], ...EXPERIMENT, ...CHARTS),
  component: lazyPage(() => import("./routes/experiments/Experiment.tsx"), "ExperimentPage"),
});

const run = createRoute({
  getParentRoute: () => project,
  path: "/candidates/$run",
  validateSearch: keepTab(["charts", "artifacts"], "file", ...CHARTS),
  component: lazyPage(() => import("./routes/candidates/Run.tsx"), "RunPage"),
});

const compareRuns = createRoute({
  getParentRoute: () => project,
  path: "/compare",
  validateSearch: keep("runs", "base", "all", "tab", "color", ...CHARTS),
  component: lazyPage(() => import("./routes/compare/CompareRuns.tsx"), "CompareRuns"),
});

const loggedModel = createRoute({
  getParentRoute: () => project,
  path: "/logged-models/$model",
  validateSearch: keepTab(["artifacts"], "file"),
  component: lazyPage(() => import("./routes/logged-models/LoggedModel.tsx"), "LoggedModelPage"),
});

const models = createRoute({
  getParentRoute: () => project,
  path: "/models",
  validateSearch: keep("q", "sort"),
  component: lazyPage(() => import("./routes/models/Models.tsx"), "Models"),
});

const model = createRoute({
  getParentRoute: () => project,
  path: "/models/$model",
  validateSearch: keepTab(["card", "runs", "events"], "sel"),
  component: lazyPage(() => import("./routes/models/Model.tsx"), "ModelPage"),
});

const version = createRoute({
  getParentRoute: () => project,
  path: "/models/$model/versions/$version",
  validateSearch: keepTab(["artifacts", "events"], "file"),
  component: lazyPage(() => import("./routes/models/Version.tsx"), "VersionPage"),
});

const compareVersions = createRoute({
  getParentRoute: () => project,
  path: "/models/$model/compare",
  validateSearch: keep("from", "to"),
  component: lazyPage(() => import("./routes/models/CompareVersions.tsx"), "CompareVersions"),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/p/$project/-/settings",
  component: ProjectFrame,
});

const settingsFrame = createRoute({
  getParentRoute: () => settings,
  id: "frame",
  component: lazyPage(() => import("./routes/project-settings/ProjectSettings.tsx"), "ProjectSettings"),
});

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/p/$project/-/settings/general", params });
  },
});

const general = createRoute({
  getParentRoute: () => settingsFrame,
  path: "/general",
  component: lazyPage(() => import("./routes/project-settings/General.tsx"), "General"),
});

const projectMembers = createRoute({
  getParentRoute: () => settingsFrame,
  path: "/members",
  component: lazyPage(() => import("./routes/project-settings/ProjectMembers.tsx"), "ProjectMembers"),
});

const projectTokens = createRoute({
  getParentRoute: () => settingsFrame,
  path: "/access_tokens",
  component: lazyPage(() => import("./routes/project-settings/ProjectTokens.tsx"), "ProjectTokens"),
});

const trustRules = createRoute({
  getParentRoute: () => settingsFrame,
  path: "/trust_rules",
  component: lazyPage(() => import("./routes/project-settings/TrustRules.tsx"), "TrustRules"),
});

const ciLink = createRoute({
  getParentRoute: () => settingsFrame,
  path: "/ci_link",
  component: lazyPage(() => import("./routes/project-settings/CiLink.tsx"), "CiLink"),
});

const auditEvents = createRoute({
  getParentRoute: () => settingsFrame,
  path: "/audit_events",
  validateSearch: keep("from", "to"),
  component: lazyPage(() => import("./routes/project-settings/AuditEvents.tsx"), "AuditEvents"),
});

const userSettings = createRoute({
  getParentRoute: () => root,
  path: "/-/user_settings",
  component: lazyPage(() => import("./routes/user-settings/UserSettings.tsx"), "UserSettings"),
});

const userSettingsHome = createRoute({
  getParentRoute: () => userSettings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/-/user_settings/profile" });
  },
});

const profile = createRoute({
  getParentRoute: () => userSettings,
  path: "/profile",
  component: lazyPage(() => import("./routes/user-settings/Profile.tsx"), "Profile"),
});

const ownTokens = createRoute({
  getParentRoute: () => userSettings,
  path: "/personal_access_tokens",
  component: lazyPage(() => import("./routes/user-settings/OwnTokens.tsx"), "OwnTokens"),
});

const password = createRoute({
  getParentRoute: () => userSettings,
  path: "/password",
  component: lazyPage(() => import("./routes/user-settings/Password.tsx"), "Password"),
});

const sessions = createRoute({
  getParentRoute: () => userSettings,
  path: "/active_sessions",
  component: lazyPage(() => import("./routes/user-settings/Sessions.tsx"), "Sessions"),
});

const newProject = createRoute({
  getParentRoute: () => root,
  path: "/projects/new",
  validateSearch: keep("group"),
  component: lazyPage(() => import("./routes/projects/NewProject.tsx"), "NewProject"),
});

const groups = createRoute({
  getParentRoute: () => root,
  path: "/groups",
  validateSearch: keep("q"),
  component: lazyPage(() => import("./routes/groups/Groups.tsx"), "Groups"),
});

const newGroup = createRoute({
  getParentRoute: () => root,
  path: "/groups/new",
  validateSearch: keep("parent"),
  component: lazyPage(() => import("./routes/groups/NewGroup.tsx"), "NewGroup"),
});

/** `/groups/<full path>` in the address bar. */
const group = createRoute({
  getParentRoute: () => root,
  path: "/g/$group",
  validateSearch: keepTab(["members", "access_tokens", "settings"]),
  component: lazyPage(() => import("./routes/groups/Group.tsx"), "GroupPage"),
});

const users = createRoute({
  getParentRoute: () => root,
  path: "/admin/users",
  validateSearch: keep("q", "state"),
  component: lazyPage(() => import("./routes/admin/Users.tsx"), "Users"),
});

const tree = root.addChildren([
  home,
  tracking,
  signInRoute,
  userSettings.addChildren([userSettingsHome, profile, ownTokens, password, sessions]),
  newProject,
  groups,
  newGroup,
  group,
  users,
  settings.addChildren([
    settingsHome,
    settingsFrame.addChildren([general, projectMembers, projectTokens, trustRules, ciLink, auditEvents]),
  ]),
  project.addChildren([
    projectHome,
    experiments,
    experiment,
    run,
    compareRuns,
    loggedModel,
    models,
    model,
    version,
    compareVersions,
  ]),
]);

export function makeRouter() {
  const base = new URL(document.baseURI).pathname.replace(/\/$/, "");
  return createRouter({
    routeTree: tree,
    basepath: base || "/",
    rewrite: {
      input: ({ url }) => {
        url.pathname = toRouter(url.pathname);
        return url;
      },
      output: ({ url }) => {
        url.pathname = toAddress(url.pathname);
        return url;
      },
    },
    // Texts only, so that addresses read well: `?q=metrics.auc > 0.9&sort=-m.auc`.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const set = Object.entries(search).filter(([, value]) => typeof value === "string" && value !== "");
      return set.length === 0 ? "" : `?${new URLSearchParams(set as [string, string][])}`;
    },
    defaultPreload: "intent",
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: Broken,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
