// A file as people want to see it, by its kind. Nothing of a file runs in the page.

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { fileAddress, readFile, type TreeId } from "../api/files.ts";
import { formatBytes } from "../lib/format.ts";
import { readMlModel } from "../lib/mlmodel.ts";
import { beginningOf, LIMITS, parseCsv, partOf, previewOf } from "../lib/preview.ts";
import type { Slug } from "../lib/project.ts";
import { JsonTree } from "./JsonTree.tsx";
import { MarkdownText } from "./MarkdownText.tsx";
import { MlModelPreview } from "./MlModelPreview.tsx";

interface Props {
  project: Slug;
  tree: TreeId;
  path: string;
  size: number;
}

export function FilePreview({ project, tree, path, size }: Props) {
  const kind = previewOf(path);
  if (kind === "none") return <Note>There is no preview for files of this kind.</Note>;
  const part = size > LIMITS[kind] ? partOf(kind) : undefined;
  if (size > LIMITS[kind] && part === undefined) {
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
        <img src={fileAddress(project, tree, path)} alt={path} />
      </div>
    );
  }
  return <TextPreview project={project} tree={tree} path={path} part={part} size={size} />;
}

function Note({ children }: { children: React.ReactNode }) {
  return (
    <p className="content quiet" style={{ padding: 16 }}>
      {children}
    </p>
  );
}

interface TextProps extends Props {
  /** Of a file that is too long, so many bytes from its beginning. */
  part: number | undefined;
}

function TextPreview({ project, tree, path, part, size }: TextProps) {
  const { data, isPending, isError, error } = useQuery({
    queryKey: ["file", project, tree, path, part],
    queryFn: ({ signal }) => readFile(project, tree, path, signal, part),
  });
  if (isPending) return <span className="skeleton" style={{ margin: 16, width: "50%" }} />;
  if (isError) return <Note>{error.message}</Note>;
  if (data === "") return <Note>The file is empty.</Note>;
  const text = part === undefined ? data : beginningOf(data);
  return (
    <>
      {part !== undefined && (
        <p className="notice warn" style={{ margin: 12 }}>
          The first {formatBytes(part)} of {formatBytes(size)}. Download it to see the rest.
        </p>
      )}
      <Content project={project} path={path} text={text} />
    </>
  );
}

function Content({ project, path, text }: { project: Slug; path: string; text: string }) {
  switch (previewOf(path)) {
    case "markdown":
      return (
        <Scrolled label={path}>
          <MarkdownText text={text} />
        </Scrolled>
      );
    case "json":
      return <Json label={path} text={text} />;
    case "csv":
      return <Csv label={path} text={text} separator={path.toLowerCase().endsWith(".tsv") ? "\t" : ","} />;
    case "html":
      // No permission at all: no script, no form, no link leads out, an origin of its own.
      return (
        <div className="content">
          <iframe sandbox="" srcDoc={text} title={path} />
        </div>
      );
    case "mlmodel":
      return <MlModel project={project} label={path} text={text} />;
    default:
      return <Text label={path} text={text} />;
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
      <Lines text={text} />
    </Scrolled>
  );
}

/** Two texts beside each other, however many lines: an element for each line would make a slow page. */
function Lines({ text }: { text: string }) {
  const numbers = useMemo(() => {
    const count = text.replace(/\n$/, "").split("\n").length;
    return Array.from({ length: count }, (_, index) => index + 1).join("\n");
  }, [text]);
  return (
    <div className="lines">
      <pre className="numbers" aria-hidden="true">
        {numbers}
      </pre>
      <pre>{text}</pre>
    </div>
  );
}

function Json({ label, text }: { label: string; text: string }) {
  const parsed = useMemo(() => {
    try {
      return { value: JSON.parse(text) as unknown };
    } catch {
      // Not JSON in spite of its name: as it is.
      return undefined;
    }
  }, [text]);
  if (!parsed) return <Text label={label} text={text} />;
  return (
    <Scrolled label={label}>
      <JsonTree value={parsed.value} />
    </Scrolled>
  );
}

function MlModel({ project, label, text }: { project: Slug; label: string; text: string }) {
  const facts = useMemo(() => readMlModel(text), [text]);
  if (!facts) return <Text label={label} text={text} />;
  return (
    <Scrolled label={label}>
      <MlModelPreview project={project} facts={facts} />
      <details className="raw">
        <summary>The file itself</summary>
        <Lines text={text} />
      </details>
    </Scrolled>
  );
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
