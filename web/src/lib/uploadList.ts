// The files on their way, as pages look at them: progress is told a few times a second, however many files there are.

import type { Upload } from "./files.ts";

/** Progress of this long is gathered. A timer, and no frame: it goes on while nobody looks. */
const GATHER_MS = 100;

export class UploadList {
  private readonly byId = new Map<number, Upload>();
  private readonly waiting = new Set<() => void>();
  private shown: Upload[] = [];
  private asked = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly subscribe = (tell: () => void): (() => void) => {
    this.waiting.add(tell);
    return () => this.waiting.delete(tell);
  };

  /** The same list until the next time that something is told. */
  readonly all = (): Upload[] => this.shown;

  get(id: number): Upload | undefined {
    return this.byId.get(id);
  }

  add(uploads: readonly Upload[]): void {
    for (const one of uploads) this.byId.set(one.id, one);
    this.tell();
  }

  /** Progress alone is told later, with all that comes until then. */
  change(id: number, to: Partial<Upload>): void {
    const upload = this.byId.get(id);
    if (!upload) return;
    this.byId.set(id, { ...upload, ...to });
    this.timer ??= setTimeout(() => this.tell(), GATHER_MS);
  }

  keep(which: (upload: Upload) => boolean): void {
    for (const one of this.byId.values()) if (!which(one)) this.byId.delete(one.id);
    this.tell();
  }

  /** For what somebody did and waits for; once, however many it was done with. */
  soon(): void {
    if (this.asked) return;
    this.asked = true;
    queueMicrotask(() => this.tell());
  }

  private tell(): void {
    this.asked = false;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.shown = [...this.byId.values()];
    for (const tell of this.waiting) tell();
  }
}
