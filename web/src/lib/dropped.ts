// What was dropped on the page: files, and folders with all that is in them.

export interface Dropped {
  file: File;
  relative: string;
}

/** Must be called while the event is being handled: afterwards the browser has forgotten what was dropped. */
export function readDropped(data: DataTransfer): Promise<Dropped[]> {
  const taken = [...data.items]
    .filter((item) => item.kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return collect(taken);
}

async function collect(taken: { entry: FileSystemEntry | null; file: File | null }[]): Promise<Dropped[]> {
  const found: Dropped[] = [];
  for (const { entry, file } of taken) {
    if (entry?.isDirectory) found.push(...(await readFolder(entry as FileSystemDirectoryEntry)));
    else if (file) found.push({ file, relative: file.name });
  }
  return found;
}

async function readFolder(folder: FileSystemDirectoryEntry): Promise<Dropped[]> {
  const reader = folder.createReader();
  const found: Dropped[] = [];
  // Browsers give a hundred at a time, and nothing at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return found;
    for (const entry of entries) {
      if (entry.isDirectory) found.push(...(await readFolder(entry as FileSystemDirectoryEntry)));
      else {
        const file = await new Promise<File>((resolve, reject) =>
          (entry as FileSystemFileEntry).file(resolve, reject),
        );
        found.push({ file, relative: entry.fullPath.replace(/^\//, "") });
      }
    }
  }
}

/** What was chosen in a dialog; of a chosen folder each file knows where in it it stands. */
export const readChosen = (files: FileList): Dropped[] =>
  [...files].map((file) => ({ file, relative: file.webkitRelativePath || file.name }));
