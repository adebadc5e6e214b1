// Small parts that most pages have: badges, times, copy buttons, and what stands where there is nothing yet.

import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { ApiError } from "../api/client.ts";
import type { RunStatus } from "../api/mlflow.ts";
import { formatAgo, formatTime } from "../lib/format.ts";
import { Icon } from "./Icon.tsx";

const STATUS: Record<RunStatus, [tone: string, word: string]> = {
  RUNNING: ["busy", "Running"],
  SCHEDULED: ["", "Scheduled"],
  FINISHED: ["good", "Finished"],
  FAILED: ["bad", "Failed"],
  KILLED: ["warn", "Killed"],
};

export function StatusBadge({ status }: { status: RunStatus }) {
  const [tone, word] = STATUS[status] ?? ["", status];
  return (
    <Badge tone={tone} dot>
      {word}
    </Badge>
  );
}

export function Badge({
  tone = "",
  dot = false,
  children,
}: {
  tone?: string;
  dot?: boolean;
  children: ReactNode;
}) {
  return (
    <span className={`badge ${tone}`}>
      {dot && <span className="dot" />}
      <span className="truncate">{children}</span>
    </span>
  );
}

const STAGE_TONES: Record<string, string> = { Production: "good", Staging: "busy", Archived: "" };

export function StageBadge({ stage }: { stage: string }) {
  return stage === "None" || stage === "" ? null : <Badge tone={STAGE_TONES[stage] ?? ""}>{stage}</Badge>;
}

/** One clock for all times on a page. */
let now = Date.now();
const waiting = new Set<() => void>();
setInterval(() => {
  now = Date.now();
  for (const tell of waiting) tell();
}, 30_000);

function subscribe(tell: () => void) {
  waiting.add(tell);
  return () => waiting.delete(tell);
}

export function Time({ at }: { at: number | undefined }) {
  const current = useSyncExternalStore(subscribe, () => now);
  if (!at) return <span className="quiet">–</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={formatTime(at)}>
      {formatAgo(at, Math.max(current, now))}
    </time>
  );
}

export function CopyButton({
  text,
  label = "Copy",
  small = true,
}: {
  text: string;
  label?: string;
  small?: boolean;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className={`button icon plain ${small ? "small" : ""}`}
      aria-label={copied ? "Copied" : label}
      title={copied ? "Copied" : label}
      onClick={() => void copyText(text).then(setCopied)}
    >
      <Icon name={copied ? "check" : "copy"} size={14} />
    </button>
  );
}

/** Whether it worked. Without TLS browsers have no clipboard to write to, but they can copy a selection. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export function Snippet({ code, label }: { code: string; label: string }) {
  return (
    <div className="snippet">
      <pre tabIndex={0} role="region" aria-label={label}>
        {code}
      </pre>
      <CopyButton text={code} label={`Copy: ${label}`} />
    </div>
  );
}

/** What may be wider than its place: scrolled by keyboard too. */
export function Scroll({
  label,
  card = false,
  children,
}: {
  label: string;
  card?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={`table-scroll ${card ? "card" : ""}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

/** Grey lines in the shape of a table, until its rows are there. */
export function SkeletonRows({ rows = 8 }: { rows?: number }) {
  return (
    <div className="card" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div className="row" key={index} style={{ padding: "11px 16px", gap: 24 }}>
          <span className="skeleton" style={{ width: `${22 + ((index * 7) % 14)}%` }} />
          <span className="skeleton" style={{ width: "10%" }} />
          <span className="skeleton" style={{ width: `${8 + ((index * 5) % 9)}%` }} />
        </div>
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="card">
      <div className="empty">
        <h2>{title}</h2>
        {children}
      </div>
    </div>
  );
}

/** What went wrong, in the server's words, and what can be done. */
export function Failure({
  error,
  retry,
  what,
  whole = false,
}: {
  error: unknown;
  retry?: () => void;
  what: string;
  /** There is nothing else on the page. */
  whole?: boolean;
}) {
  const Title = whole ? "h1" : "h2";
  const status = error instanceof ApiError ? error.status : 0;
  const message = error instanceof Error ? error.message : String(error);
  const title =
    status === 404
      ? `There is no such ${what}, or it is not for you to see.`
      : status === 403
        ? `You may not see this ${what}.`
        : `The ${what} could not be loaded.`;
  return (
    <div className="card" role="alert">
      <div className="empty">
        <Title>{title}</Title>
        <p>{message}</p>
        {retry && status !== 404 && (
          <button type="button" className="button" onClick={retry}>
            Try again
          </button>
        )}
        {(status === 404 || status === 403) && (
          <Link to="/" className="button">
            To the projects
          </Link>
        )}
      </div>
    </div>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Weir`;
  }, [title]);
}
