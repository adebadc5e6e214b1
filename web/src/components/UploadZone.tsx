// Puts files at a model version: dropped or chosen, into a folder, with the progress of each and of all.

import { useEffect, useId, useRef, useState } from "react";
import {
  addUploads,
  cancelUpload,
  clearUploads,
  retryUpload,
  type Target,
  useUploads,
} from "../api/uploads.ts";
import { type Dropped, readChosen, readDropped } from "../lib/dropped.ts";
import { checkFolder, percentOf, totalOf, type Upload } from "../lib/files.ts";
import { formatBytes, plural } from "../lib/format.ts";
import { Icon } from "./Icon.tsx";
import { CopyButton } from "./parts.tsx";
import { toast } from "./toast.tsx";

interface Props {
  target: Target;
  /** Those that there are, for the field's completion. */
  folders: string[];
}

export function UploadZone({ target, folders }: Props) {
  const [folder, setFolder] = useState("");
  const [over, setOver] = useState(false);
  const [empty, setEmpty] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const wholeFolder = useRef<HTMLInputElement>(null);
  const uploads = useUploads(target.tree);
  const wrong = checkFolder(folder);
  const add = (chosen: Dropped[]) => {
    setEmpty(chosen.length === 0);
    if (chosen.length > 0) addUploads(target, folder, chosen);
  };

  // A file that misses the place would otherwise take the page's place.
  useEffect(() => {
    const stay = (event: DragEvent) => event.preventDefault();
    window.addEventListener("dragover", stay);
    window.addEventListener("drop", stay);
    return () => {
      window.removeEventListener("dragover", stay);
      window.removeEventListener("drop", stay);
    };
  }, []);

  const choose = (input: React.RefObject<HTMLInputElement | null>) => input.current?.click();
  const took = (event: React.ChangeEvent<HTMLInputElement>) => {
    if (event.target.files) add(readChosen(event.target.files));
    // So that the same file can be chosen once more.
    event.target.value = "";
  };
  return (
    <section className="card" aria-label="Upload">
      <div
        className="drop"
        data-over={over}
        onDragEnter={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragOver={(event) => {
          event.preventDefault();
          event.dataTransfer.dropEffect = wrong ? "none" : "copy";
        }}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
        }}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          if (!wrong)
            void readDropped(event.dataTransfer).then(add, () => toast("What was dropped could not be read"));
        }}
      >
        <span className="row">
          <Icon name="upload" />
          <span>Drop files or folders here</span>
        </span>
        <span className="row wrap">
          <button
            type="button"
            className="button small"
            disabled={wrong !== ""}
            onClick={() => choose(files)}
          >
            Choose files
          </button>
          <button
            type="button"
            className="button small"
            disabled={wrong !== ""}
            onClick={() => choose(wholeFolder)}
          >
            Choose a folder
          </button>
        </span>
        <Where folder={folder} set={setFolder} wrong={wrong} folders={folders} />
        <input ref={files} type="file" multiple hidden onChange={took} data-testid="files" />
        <input
          ref={(input) => {
            wholeFolder.current = input;
            // No property of React's, nor of any standard; every browser has it.
            input?.setAttribute("webkitdirectory", "");
          }}
          type="file"
          hidden
          onChange={took}
        />
      </div>
      {empty && (
        <p className="quiet" style={{ padding: "0 16px 12px" }} role="status">
          There was no file in it.
        </p>
      )}
      {uploads.length > 0 && <UploadList tree={target.tree} uploads={uploads} />}
    </section>
  );
}

interface WhereProps {
  folder: string;
  set: (folder: string) => void;
  wrong: string;
  folders: string[];
}

function Where({ folder, set, wrong, folders }: WhereProps) {
  const id = useId();
  return (
    <span className="drop-where">
      <label htmlFor={id}>Into folder</label>
      <input
        id={id}
        className="input"
        list={`${id}-list`}
        autoComplete="off"
        spellCheck={false}
        placeholder="at the top"
        aria-invalid={wrong !== ""}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        value={folder}
        onChange={(event) => set(event.target.value)}
      />
      <datalist id={`${id}-list`}>
        {folders.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      {wrong && (
        <span id={`${id}-wrong`} className="bad" role="alert">
          {wrong}
        </span>
      )}
    </span>
  );
}

/** More lines would be read by nobody; those that need somebody come first. */
const SHOWN = 100;
const URGENCY = { exists: 0, failed: 0, sending: 1, waiting: 2, done: 3, cancelled: 4 };

function UploadList({ tree, uploads }: { tree: string; uploads: Upload[] }) {
  const total = totalOf(uploads);
  const there = uploads.filter((one) => one.state === "exists");
  const broken = uploads.filter((one) => one.state === "failed");
  const percent = percentOf(total.sent, total.bytes, total.done === total.files);
  const said = total.busy
    ? `${total.done} of ${plural(total.files, "file")}, ${formatBytes(total.sent)} of ${formatBytes(total.bytes)}`
    : total.stuck > 0
      ? `${total.done} of ${plural(total.files, "file")} uploaded, ${total.stuck} not`
      : `${plural(total.done, "file")} uploaded, ${formatBytes(total.bytes)}`;
  const sorted =
    uploads.length <= SHOWN
      ? uploads
      : uploads.toSorted((a, b) => URGENCY[a.state] - URGENCY[b.state]).slice(0, SHOWN);
  return (
    <div className="uploads">
      <div className="row wrap spread">
        <span className="row grow">
          <Bar label="All files" percent={percent} />
          <span>{said}</span>
        </span>
        {/* Read out when it ends, and not at each step. */}
        <span className="visually-hidden" role="status">
          {total.busy ? "Uploading" : said}
        </span>
        <span className="row">
          {there.length > 1 && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                for (const one of there) retryUpload(one.id, true);
              }}
            >
              Replace all {there.length}
            </button>
          )}
          {broken.length > 1 && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                for (const one of broken) retryUpload(one.id);
              }}
            >
              Try all again
            </button>
          )}
          {total.busy && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                for (const one of uploads)
                  if (one.state === "waiting" || one.state === "sending") cancelUpload(one.id);
              }}
            >
              Cancel all
            </button>
          )}
          {!total.busy && (
            <button type="button" className="button small" onClick={() => clearUploads(tree)}>
              Clear
            </button>
          )}
        </span>
      </div>
      <ul className="upload-list">
        {sorted.map((one) => (
          <Line key={one.id} upload={one} />
        ))}
      </ul>
      {uploads.length > SHOWN && <p className="quiet">and {uploads.length - SHOWN} more</p>}
    </div>
  );
}

function Bar({ label, percent }: { label: string; percent: number }) {
  return (
    <span
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <span style={{ width: `${percent}%` }} />
    </span>
  );
}

function Line({ upload }: { upload: Upload }) {
  const { id, path, size, sent, state, problem, sha256 } = upload;
  const active = state === "sending" || state === "waiting";
  return (
    <li data-state={state}>
      <span className="mono grow" style={{ overflowWrap: "anywhere" }}>
        {path}
      </span>
      {state === "sending" && <Bar label={path} percent={percentOf(sent, size, false)} />}
      <span className={state === "failed" || state === "exists" ? "bad" : "quiet"}>
        {state === "waiting" && "waiting"}
        {state === "sending" &&
          (sent >= size ? "being checked" : `${formatBytes(sent)} of ${formatBytes(size)}`)}
        {state === "done" && formatBytes(size)}
        {state === "cancelled" && "cancelled"}
        {state === "exists" && "There is such a file already."}
        {state === "failed" && problem}
      </span>
      <span className="row">
        {state === "done" && <Icon name="check" size={14} />}
        {state === "done" && sha256 && <CopyButton text={sha256} label={`Copy SHA-256 of ${path}`} />}
        {state === "exists" && (
          <button
            type="button"
            className="button small"
            aria-label={`Replace ${path}`}
            onClick={() => retryUpload(id, true)}
          >
            Replace
          </button>
        )}
        {(state === "failed" || state === "cancelled") && (
          <button
            type="button"
            className="button small"
            aria-label={`Try ${path} again`}
            onClick={() => retryUpload(id)}
          >
            Try again
          </button>
        )}
        {(active || state === "exists") && (
          <button
            type="button"
            className="button small plain"
            aria-label={`Cancel ${path}`}
            onClick={() => cancelUpload(id)}
          >
            Cancel
          </button>
        )}
      </span>
    </li>
  );
}
