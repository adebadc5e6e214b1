// The files of a run, a model version or a logged model: a tree that asks folder by folder, and beside it a file or folder.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { useMayWrite } from "../api/access.ts";
import { deleteFile, type FileInfo, fileAddress, type TreeId, zipAddress } from "../api/files.ts";
import { artifactsQuery } from "../api/queries.ts";
import { folderOf, nameOf } from "../lib/files.ts";
import { formatBytes, plural } from "../lib/format.ts";
import type { Slug } from "../lib/project.ts";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { FilePreview } from "./FilePreview.tsx";
import { Icon } from "./Icon.tsx";
import { CopyButton, Empty, Failure, Scroll, SkeletonRows } from "./parts.tsx";
import { toast } from "./toast.tsx";
import { UploadZone } from "./UploadZone.tsx";

interface Props {
  project: Slug;
  tree: TreeId;
  /** The path of the file or folder that is shown. */
  file: string | undefined;
  open: (path: string | undefined) => void;
  /** Where files are put and deleted (`lib/files.ts`); without it they can only be looked at. */
  root?: string;
  /** Whether files can be put here too. */
  upload?: boolean;
  /** Something was put or deleted. */
  changed?: () => void;
}

export function Artifacts(props: Props) {
  const { project, tree, file, root, upload, changed } = props;
  const client = useQueryClient();
  const top = useQuery(artifactsQuery(project, tree, ""));
  const writable = useMayWrite();
  const may = { ...props, root: writable ? root : undefined };
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ["artifacts", project, tree] });
    void client.invalidateQueries({ queryKey: ["file", project, tree] });
    changed?.();
  };
  if (top.isPending) return <SkeletonRows />;
  if (top.isError) return <Failure error={top.error} retry={() => void top.refetch()} what="list of files" />;
  const folders = top.data.filter((one) => one.is_dir).map((one) => one.path);
  return (
    <div className="stack">
      {upload && may.root && (
        <UploadZone target={{ project, tree, root: may.root, arrived: refresh }} folders={folders} />
      )}
      {top.data.length === 0 ? (
        <Empty title="No artifacts">
          <p>
            Files that are logged with <code>mlflow.log_artifact</code>
            {upload && may.root ? ", or dropped above," : ""} appear here.
          </p>
        </Empty>
      ) : (
        <div className="card artifacts">
          <div className="tree" role="tree" aria-label="Files" onKeyDown={walk}>
            <Folder {...may} path="" depth={0} />
          </div>
          {file ? (
            <Shown key={file} {...may} file={file} changed={refresh} />
          ) : (
            <FolderPane {...may} path="" changed={refresh} />
          )}
        </div>
      )}
    </div>
  );
}

/** Arrow keys go through the tree as they do in file managers. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=treeitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const item = items[at];
  if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
  const unfolded = item.getAttribute("aria-expanded");
  const level = (one: HTMLElement | undefined) => Number(one?.getAttribute("aria-level"));
  let to: HTMLElement | undefined;
  if (event.key === "ArrowDown") to = items[at + 1];
  else if (event.key === "ArrowUp") to = items[at - 1];
  else if (event.key === "Home") to = items[0];
  else if (event.key === "End") to = items.at(-1);
  else if (event.key === "ArrowRight" && unfolded === "false") item.click();
  else if (event.key === "ArrowRight" && unfolded === "true") to = items[at + 1];
  else if (event.key === "ArrowLeft" && unfolded === "true") item.click();
  else if (event.key === "ArrowLeft") to = items.slice(0, at).findLast((one) => level(one) < level(item));
  else return;
  event.preventDefault();
  to?.focus();
}

interface FolderProps extends Props {
  path: string;
  depth: number;
}

/** Folders first, as file managers do. */
const byKind = (a: FileInfo, b: FileInfo) =>
  Number(b.is_dir) - Number(a.is_dir) || a.path.localeCompare(b.path, "en");

function Folder(props: FolderProps) {
  const { project, tree, path, depth } = props;
  const { data, isPending, isError } = useQuery(artifactsQuery(project, tree, path));
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
  const { path, depth, file, open } = props;
  const [unfolded, setUnfolded] = useState(file?.startsWith(`${path}/`) ?? false);
  return (
    <>
      <button
        type="button"
        role="treeitem"
        aria-level={depth + 1}
        aria-expanded={unfolded}
        aria-selected={path === file}
        className="tree-item"
        style={indent(depth)}
        onClick={() => {
          setUnfolded(!unfolded);
          open(path);
        }}
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
      aria-level={depth + 1}
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

interface ShownProps extends Props {
  file: string;
  changed: () => void;
}

function Shown(props: ShownProps) {
  const { project, tree, file } = props;
  const list = useQuery(artifactsQuery(project, tree, folderOf(file)));
  const item = list.data?.find((one) => one.path === file);
  if (item?.is_dir) return <FolderPane {...props} path={file} />;
  return (
    <div className="preview">
      <header>
        <span className="row" style={{ flexWrap: "wrap" }}>
          <span className="mono" style={{ overflowWrap: "anywhere" }}>
            {file}
          </span>
          <CopyButton text={file} label="Copy path" />
          {item && <span className="quiet">{formatBytes(item.file_size ?? 0)}</span>}
        </span>
        {item && (
          <span className="row">
            <DeleteButton {...props} path={file} />
            <a
              className="button small"
              href={fileAddress(project, tree, file)}
              download={nameOf(file)}
              aria-label={`Download ${nameOf(file)}`}
            >
              <Icon name="download" size={14} /> Download
            </a>
          </span>
        )}
      </header>
      {list.isSuccess && !item ? (
        <p className="content quiet" style={{ padding: 16 }}>
          There is no file of this name.
        </p>
      ) : (
        item && <FilePreview project={project} tree={tree} path={file} size={item.file_size ?? 0} />
      )}
    </div>
  );
}

/** What is in a folder, and what can be done with all of it. */
function FolderPane(props: Props & { path: string; changed: () => void }) {
  const { project, tree, path, open } = props;
  const { data = [] } = useQuery(artifactsQuery(project, tree, path));
  const files = data.filter((one) => !one.is_dir);
  const folders = data.length - files.length;
  const bytes = files.reduce((sum, one) => sum + (one.file_size ?? 0), 0);
  return (
    <div className="preview">
      <header>
        <span className="row" style={{ flexWrap: "wrap" }}>
          <span className="mono" style={{ overflowWrap: "anywhere" }}>
            {path ? `${path}/` : "All files"}
          </span>
          <span className="quiet">
            {folders > 0 && `${plural(folders, "folder")}, `}
            {plural(files.length, "file")}, {formatBytes(bytes)}
          </span>
        </span>
        <span className="row">
          {path !== "" && <DeleteButton {...props} folder />}
          <a className="button small" href={zipAddress(project, tree, path)} download>
            <Icon name="download" size={14} /> Download as zip
          </a>
        </span>
      </header>
      <div className="content">
        <Scroll label="In this folder">
          <table className="data">
            <tbody>
              {[...data].sort(byKind).map((one) => (
                <tr key={one.path}>
                  <th scope="row">
                    <button type="button" className="link" onClick={() => open(one.path)}>
                      {nameOf(one.path)}
                      {one.is_dir && "/"}
                    </button>
                  </th>
                  <td className="num quiet">{one.is_dir ? "" : formatBytes(one.file_size ?? 0)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </div>
    </div>
  );
}

interface DeleteProps extends Props {
  path: string;
  folder?: boolean;
  changed: () => void;
}

function DeleteButton({ project, root, path, folder, open, changed }: DeleteProps) {
  const [asked, setAsked] = useState(false);
  if (!root) return null;
  return (
    <>
      <button type="button" className="button small danger" onClick={() => setAsked(true)}>
        {folder ? "Delete folder" : "Delete"}
      </button>
      {asked && (
        <ConfirmDialog
          title={`Delete ${path}?`}
          verb="Delete"
          close={() => setAsked(false)}
          submit={async () => {
            await deleteFile(project, root, path);
            toast(`Deleted ${path}`);
            open(folderOf(path) || undefined);
            changed();
          }}
        >
          {folder ? "All files in it go with it. " : ""}This cannot be undone.
        </ConfirmDialog>
      )}
    </>
  );
}
