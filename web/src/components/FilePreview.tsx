// A file as people want to see it, by its kind. Nothing of a file runs in the page.

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { send } from "../api/client.ts";
import { artifactAddress, artifactPath } from "../api/mlflow.ts";
import { formatBytes } from "../lib/format.ts";
import { LIMITS, parseCsv, previewOf } from "../lib/preview.ts";
import type { Slug } from "../lib/project.ts";
import { MarkdownText } from "./MarkdownText.tsx";

interface Props {
  project: Slug;
  runId: string;
  path: string;
  size: number;
}

export function FilePreview({ project, runId, path, size }: Props) {
  const kind = previewOf(path);
  if (kind === "none") return <Note>There is no preview for files of this kind.</Note>;
  if (size > LIMITS[kind]) {
    return (
      <Note>
        {formatBytes(size)} is too much to show; previews end at {formatBytes(LIMITS[kind])}. Download it
        instead.
      </Note>
    );
  }
  if (kind === "image") {
    return (
      <div className="content">
        <img src={artifactAddress(project, runId, path)} alt={path} />
      </div>
    );
  }
  return <TextPreview project={project} runId={runId} path={path} />;
}

function Note({ children }: { children: React.ReactNode }) {
  return (
    <p className="content quiet" style={{ padding: 16 }}>
      {children}
    </p>
  );
}

function TextPreview({ project, runId, path }: Omit<Props, "size">) {
  const { data, isPending, isError, error } = useQuery({
    queryKey: ["file", project, runId, path],
    queryFn: async ({ signal }) => {
      const response = await send("GET", artifactPath(project), { query: { run_id: runId, path }, signal });
      return response.text();
    },
  });
  if (isPending) return <span className="skeleton" style={{ margin: 16, width: "50%" }} />;
  if (isError) return <Note>{error.message}</Note>;
  if (data === "") return <Note>The file is empty.</Note>;
  switch (previewOf(path)) {
    case "markdown":
      return (
        <Scrolled label={path}>
          <MarkdownText text={data} />
        </Scrolled>
      );
    case "json":
      return <Text label={path} text={prettyJson(data)} />;
    case "csv":
      return <Csv label={path} text={data} separator={path.toLowerCase().endsWith(".tsv") ? "\t" : ","} />;
    case "html":
      // No permission at all: no script, no form, no link leads out, an origin of its own.
      return (
        <div className="content">
          <iframe sandbox="" srcDoc={data} title={path} />
        </div>
      );
    default:
      return <Text label={path} text={data} />;
  }
}

/** What scrolls must be reachable by keyboard. */
function Scrolled({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="content" tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}

function Text({ label, text }: { label: string; text: string }) {
  return (
    <Scrolled label={label}>
      <pre>{text}</pre>
    </Scrolled>
  );
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not JSON in spite of its name: as it is.
    return text;
  }
}

/** More rows make a slow page and are read by nobody. */
const ROWS = 500;

function Csv({ label, text, separator }: { label: string; text: string; separator: string }) {
  const [head = [], ...rows] = useMemo(() => parseCsv(text, separator, ROWS + 1), [text, separator]);
  return (
    <Scrolled label={label}>
      <table className="data">
        <thead>
          <tr>
            {head.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
              <th key={index}>{cell}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are known by their place
            <tr key={at}>
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <td key={index}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === ROWS && <p style={{ padding: 12 }}>The first {ROWS} rows.</p>}
    </Scrolled>
  );
}
