// The files of a run or a model version: a tree that asks folder by folder, and a preview beside it.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { artifactAddress, type FileInfo } from "../api/mlflow.ts";
import { artifactsQuery } from "../api/queries.ts";
import { formatBytes } from "../lib/format.ts";
import type { Slug } from "../lib/project.ts";
import { FilePreview } from "./FilePreview.tsx";
import { Icon } from "./Icon.tsx";
import { CopyButton, Empty, Failure, SkeletonRows } from "./parts.tsx";

interface Props {
  project: Slug;
  runId: string;
  /** The path of the file that is shown. */
  file: string | undefined;
  open: (path: string) => void;
}

export function Artifacts({ project, runId, file, open }: Props) {
  const top = useQuery(artifactsQuery(project, runId, ""));
  if (top.isPending) return <SkeletonRows />;
  if (top.isError) return <Failure error={top.error} retry={() => void top.refetch()} what="list of files" />;
  if (top.data.length === 0) {
    return (
      <Empty title="No artifacts">
        <p>
          Files that are logged with <code>mlflow.log_artifact</code> appear here.
        </p>
      </Empty>
    );
  }
  return (
    <div className="card artifacts">
      <div className="tree" role="tree" aria-label="Files">
        <Folder project={project} runId={runId} path="" depth={0} file={file} open={open} />
      </div>
      {file ? (
        <Shown key={file} project={project} runId={runId} path={file} />
      ) : (
        <div className="chart-empty" style={{ minHeight: 160 }}>
          Choose a file to look at it.
        </div>
      )}
    </div>
  );
}

interface FolderProps extends Props {
  path: string;
  depth: number;
}

/** Folders first, as file managers do. */
const byKind = (a: FileInfo, b: FileInfo) =>
  Number(b.is_dir) - Number(a.is_dir) || a.path.localeCompare(b.path, "en");
const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

function Folder(props: FolderProps) {
  const { project, runId, path, depth } = props;
  const { data, isPending, isError } = useQuery(artifactsQuery(project, runId, path));
  if (isPending) return <span className="skeleton" style={{ width: "50%", margin: "8px 12px" }} />;
  if (isError)
    return (
      <p className="quiet" style={{ paddingLeft: 12 + depth * 16 }}>
        Could not be loaded.
      </p>
    );
  return (
    <div role="group">
      {[...data]
        .sort(byKind)
        .map((item) =>
          item.is_dir ? (
            <FolderItem key={item.path} {...props} path={item.path} />
          ) : (
            <FileItem key={item.path} {...props} item={item} />
          ),
        )}
    </div>
  );
}

const indent = (depth: number) => ({ paddingLeft: 8 + depth * 16 });

function FolderItem(props: FolderProps) {
  const { path, depth, file } = props;
  const [unfolded, setUnfolded] = useState(file?.startsWith(`${path}/`) ?? false);
  return (
    <>
      <button
        type="button"
        role="treeitem"
        aria-expanded={unfolded}
        aria-selected={false}
        className="tree-item"
        style={indent(depth)}
        onClick={() => setUnfolded(!unfolded)}
      >
        <Icon name={unfolded ? "down" : "right"} size={12} />
        <Icon name="folder" size={14} />
        <span className="truncate">{nameOf(path)}</span>
      </button>
      {unfolded && <Folder {...props} depth={depth + 1} />}
    </>
  );
}

function FileItem({ item, depth, file, open }: FolderProps & { item: FileInfo }) {
  return (
    <button
      type="button"
      role="treeitem"
      aria-selected={item.path === file}
      className="tree-item"
      style={indent(depth + 1)}
      onClick={() => open(item.path)}
    >
      <Icon name="file" size={14} />
      <span className="truncate">{nameOf(item.path)}</span>
      <span className="size">{formatBytes(item.file_size ?? 0)}</span>
    </button>
  );
}

function Shown({ project, runId, path }: { project: Slug; runId: string; path: string }) {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const list = useQuery(artifactsQuery(project, runId, folder));
  const item = list.data?.find((one) => one.path === path);
  return (
    <div className="preview">
      <header>
        <span className="row" style={{ flexWrap: "wrap" }}>
          <span className="mono" style={{ overflowWrap: "anywhere" }}>
            {path}
          </span>
          <CopyButton text={path} label="Copy path" />
          {item && <span className="quiet">{formatBytes(item.file_size ?? 0)}</span>}
        </span>
        <a className="button small" href={artifactAddress(project, runId, path)} download={nameOf(path)}>
          <Icon name="download" size={14} /> Download
        </a>
      </header>
      {list.isSuccess && !item ? (
        <p className="content quiet" style={{ padding: 16 }}>
          There is no file of this name.
        </p>
      ) : (
        item && <FilePreview project={project} runId={runId} path={path} size={item.file_size ?? 0} />
      )}
    </div>
  );
}
