// The command palette: projects, experiments, models, runs by id, pages and actions by a few letters.

import * as Radix from "@radix-ui/react-dialog";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useRole, useTrackingUri } from "../api/access.ts";
import { foundQuery } from "../api/queries.ts";
import { type Command, choose, readId } from "../lib/palette.ts";
import { slugOf } from "../lib/project.ts";
import { MAINTAINER } from "../lib/role.ts";
import { setTheme, type Theme } from "../lib/theme.ts";
import { pageCommands } from "./commands.ts";
import { showKeys } from "./KeyHelp.tsx";
import { copyText } from "./parts.tsx";
import { toast } from "./toast.tsx";

/** Of each group. */
const MOST = 8;
const THEMES: [Theme, string][] = [
  ["light", "Theme: light"],
  ["dark", "Theme: dark"],
  ["system", "Theme: as the system"],
];

interface Props {
  close: () => void;
  /** What the field begins with. */
  typed: string;
}

export default function CommandPalette({ close, typed }: Props) {
  const [text, setText] = useState(typed);
  const [at, setAt] = useState(0);
  const list = useId();
  const box = useRef<HTMLDivElement>(null);
  const own = useOwnCommands();
  const found = useFound(useSettled(text));
  const byId = useById(text);
  const commands = useMemo(() => choose([...byId, ...own, ...found], text, MOST), [byId, own, found, text]);
  const current = commands[Math.min(at, commands.length - 1)];

  function run(command: Command | undefined) {
    if (!command) return;
    close();
    // After the palette has given the focus back: what the command opens may take it.
    setTimeout(() => void command.run(), 0);
  }

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const last = commands.length - 1;
    if (event.key === "ArrowDown") setAt(at >= last ? 0 : at + 1);
    else if (event.key === "ArrowUp") setAt(at <= 0 ? last : at - 1);
    else if (event.key === "Enter") run(current);
    else return;
    event.preventDefault();
  }

  useEffect(() => {
    if (current) box.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [current]);

  const groups = [...new Set(commands.map((command) => command.group))];
  const idOf = (command: Command) => `${list}-${commands.indexOf(command)}`;
  return (
    <Radix.Root open onOpenChange={(open) => !open && close()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="dialog palette" aria-describedby={undefined}>
          <Radix.Title className="visually-hidden">Go to or do</Radix.Title>
          <input
            className="input"
            ref={goOn}
            role="combobox"
            aria-expanded={commands.length > 0}
            aria-controls={list}
            aria-activedescendant={current && idOf(current)}
            aria-label="Go to or do"
            placeholder="A project, experiment, model, run id, page or action"
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
            onKeyDown={press}
          />
          <div className="palette-list" id={list} role="listbox" aria-label="Found" ref={box}>
            {groups.map((group) => (
              <div key={group} role="group" aria-label={group}>
                <div className="menu-label" aria-hidden="true">
                  {group}
                </div>
                {commands
                  .filter((command) => command.group === group)
                  .map((command) => (
                    <div
                      key={command.id}
                      id={idOf(command)}
                      role="option"
                      aria-selected={command === current}
                      tabIndex={-1}
                      className="menu-item"
                      onMouseMove={() => setAt(commands.indexOf(command))}
                      onClick={() => run(command)}
                    >
                      <span className="truncate">{command.label}</span>
                    </div>
                  ))}
              </div>
            ))}
          </div>
          {commands.length === 0 && (
            <p className="quiet" role="status">
              Nothing is called that.
            </p>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** At once, before the next letter comes, and behind those that are there. */
function goOn(field: HTMLInputElement | null) {
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}

/** The text, once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text.trim()), 150);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Pages and actions: those need no asking. */
function useOwnCommands(): Command[] {
  const { project } = useParams({ strict: false });
  const navigate = useNavigate();
  const uri = useTrackingUri();
  const maintains = (useRole() ?? 0) >= MAINTAINER;
  return useMemo(() => {
    const page = (label: string, run: () => unknown, also?: string): Command => ({
      id: `page ${label}`,
      group: "Pages",
      label,
      also,
      run,
    });
    const act = (label: string, run: () => unknown, also?: string): Command => ({
      id: `action ${label}`,
      group: "Actions",
      label,
      also,
      run,
    });
    const copy = async () => {
      const done = await copyText(uri);
      toast(done ? "The tracking URI is on the clipboard" : `The tracking URI is ${uri}`);
    };
    const params = { project: project ?? "" };
    return [
      ...pageCommands().map(
        ({ label, run }): Command => ({
          id: `here ${label}`,
          group: "On this page",
          label,
          run,
        }),
      ),
      ...(project
        ? [
            page("Experiments", () => navigate({ to: "/p/$project/-/ml/experiments", params }), "runs"),
            page("Models", () => navigate({ to: "/p/$project/-/ml/models", params }), "registry versions"),
            page("Members", () => navigate({ to: "/p/$project/-/settings/members", params }), "people roles"),
            ...(maintains
              ? [
                  page(
                    "Project settings",
                    () => navigate({ to: "/p/$project/-/settings", params }),
                    "tokens ci",
                  ),
                ]
              : []),
          ]
        : []),
      page("Projects", () => navigate({ to: "/" }), "home"),
      page("Groups", () => navigate({ to: "/groups" })),
      page("Your settings", () => navigate({ to: "/-/user_settings" }), "profile password sessions"),
      page(
        "Your access tokens",
        () => navigate({ to: "/-/user_settings/personal_access_tokens" }),
        "personal",
      ),
      ...(project ? [act("Copy tracking URI", copy, "mlflow address")] : []),
      ...THEMES.map(([theme, label]) => act(label, () => setTheme(theme), "appearance colours mode")),
      act("Keys", showKeys, "shortcuts help"),
    ];
  }, [project, navigate, uri, maintains]);
}

/** A whole id leads to its page at once. */
function useById(text: string): Command[] {
  const { project } = useParams({ strict: false });
  const navigate = useNavigate();
  return useMemo(() => {
    const known = readId(text);
    if (!known || !project) return [];
    const go = () =>
      known.kind === "run"
        ? navigate({ to: "/p/$project/-/ml/candidates/$run", params: { project, run: known.id } })
        : navigate({ to: "/p/$project/-/ml/logged-models/$model", params: { project, model: known.id } });
    const label = `${known.kind === "run" ? "Run" : "Logged model"} ${known.id}`;
    return [{ id: "by-id", group: "By id", label, also: known.id, run: go }];
  }, [text, project, navigate]);
}

const isPlain = ({ name }: { name: string }) => !name.startsWith("[model]");

/** What the server finds by name. */
function useFound(text: string): Command[] {
  const { project = "", experiment = "" } = useParams({ strict: false });
  const navigate = useNavigate();
  const { data } = useQuery({
    ...foundQuery(project, experiment, text),
    enabled: text !== "",
    placeholderData: keepPreviousData,
  });
  return useMemo(() => {
    if (!data || text === "") return [];
    return [
      ...data.experiments.filter(isPlain).map(
        ({ experiment_id, name }): Command => ({
          id: `experiment ${experiment_id}`,
          group: "Experiments",
          label: name,
          run: () =>
            navigate({
              to: "/p/$project/-/ml/experiments/$experiment",
              params: { project, experiment: experiment_id },
            }),
        }),
      ),
      ...data.models.map(
        ({ name }): Command => ({
          id: `model ${name}`,
          group: "Models",
          label: name,
          run: () => navigate({ to: "/p/$project/-/ml/models/$model", params: { project, model: name } }),
        }),
      ),
      ...data.runs.map(
        ({ id, name }): Command => ({
          id: `run ${id}`,
          group: "Runs of this experiment",
          label: name || id,
          run: () => navigate({ to: "/p/$project/-/ml/candidates/$run", params: { project, run: id } }),
        }),
      ),
      ...data.projects.map(
        ({ id, path_with_namespace: path }): Command => ({
          id: `project ${id}`,
          group: "Projects",
          label: path,
          run: () => navigate({ to: "/p/$project/-/ml/experiments", params: { project: slugOf(path) } }),
        }),
      ),
    ];
  }, [data, text, project, navigate]);
}
