// One instance's log file as the daemon knows it: its size, what of it is gone, and who wants to hear of growth.
import { closeSync, existsSync, openSync, type Stats, statSync } from "node:fs";
import { GrowthWatch } from "./growth-watch.ts";
import { holeEnd } from "./hole-end.ts";
import { PIECE_BYTES } from "./line-reader.ts";
import { appendEntry, readIndexEnds, writeBounds } from "./log-index.ts";

/** At most one entry a second goes into the index while the file grows. */
const ENTRY_EVERY_MS = 1_000;

export interface LogFileHost {
  now(): number;
  /** The file grew by `bytes`; returns in how many ms to look again, or undefined for the usual interval. */
  grew(file: LogFile, bytes: number): number | undefined;
}

export class LogFile {
  readonly app: string;
  readonly instanceId: string;
  readonly path: string;
  readonly indexPath: string;
  /** Offset of the file's byte 0, and of the first readable one. */
  base = 0;
  first = 0;
  /** Offset of the end, as last seen. */
  size = 0;
  /** Epoch milliseconds. */
  bornAt = 0;
  /** When the newest byte that was seen was written. */
  grownAt = 0;
  /** When growth was last heard of, in milliseconds of a clock that nobody sets. */
  lookedAt = 0;
  /** An instance may still write: it is never deleted. */
  attached = false;
  /** The instance was seen to end: nothing will be added. */
  ended = false;
  readonly #host: LogFileHost;
  readonly #listeners = new Set<() => void>();
  #watch: GrowthWatch | undefined;
  #savedAt = 0;
  #savedSize = 0;

  constructor(app: string, instanceId: string, path: string, host: LogFileHost) {
    this.app = app;
    this.instanceId = instanceId;
    this.path = path;
    this.indexPath = path.replace(/\.log$/, ".idx");
    this.#host = host;
    this.refresh();
  }

  /** Bytes that it takes. */
  get used(): number {
    return Math.max(0, this.size - this.first);
  }

  /** Reads size and bounds from disk; a file that is not there is empty. */
  refresh(): void {
    const ends = readIndexEnds(this.indexPath);
    this.base = Math.max(this.base, ends.base);
    this.first = Math.max(this.first, ends.first);
    this.#savedSize = ends.last?.offset ?? 0;
    this.#savedAt = ends.last?.at ?? 0;
    try {
      const stats = statSync(this.path);
      this.size = this.base + stats.size;
      this.bornAt = stats.birthtimeMs || stats.ctimeMs;
      this.grownAt = Math.round(stats.mtimeMs);
      const isWhole = stats.blocks * 512 + PIECE_BYTES >= stats.size;
      if (!isWhole && ends.count === 0 && this.first === 0) this.first = holeEnd(this.path, stats.size);
    } catch {
      this.size = this.base;
      return;
    }
    if (this.#listeners.size > 0 && !this.#watch && !this.ended) {
      this.#startWatch();
      this.tell();
    }
  }

  /** From now on an instance writes: makes the file where it is missing, and keeps index and cap. */
  attach(): void {
    this.attached = true;
    this.ended = false;
    closeSync(openSync(this.path, "a", 0o600));
    this.refresh();
    const unseen = this.size - this.#savedSize;
    if (unseen > 0) {
      this.#save();
      this.#host.grew(this, 0);
    }
    this.#startWatch();
  }

  /** The instance has ended: one last look, then no more. */
  detach(): void {
    this.#watch?.look();
    this.attached = false;
    this.ended = true;
    if (this.#listeners.size === 0) this.#stopWatch();
    this.#save();
    this.tell();
  }

  /** Looks at the size now. */
  look(): void {
    this.#watch?.look();
  }

  /** Calls `listener` after each growth and when the instance has ended. Returns the undo. */
  onGrowth(listener: () => void, watch: boolean): () => void {
    this.#listeners.add(listener);
    if (watch && existsSync(this.path)) this.#startWatch();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0 && !this.attached) this.#stopWatch();
    };
  }

  /** Everything in front of `first` is to be freed: nobody reads it from now on. */
  giveUp(first: number): void {
    this.first = first;
    writeBounds(this.indexPath, this);
  }

  /** The head was cut off: byte 0 of the file is now at `base`. */
  rebase(base: number, fileBytes: number): void {
    this.base = base;
    this.first = base;
    this.size = base + fileBytes;
    writeBounds(this.indexPath, this);
    this.#watch?.resized(fileBytes);
  }

  /** Somebody follows it or an instance writes to it. */
  get inUse(): boolean {
    return this.attached || this.#listeners.size > 0;
  }

  tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  close(): void {
    if (this.attached) this.#save();
    this.attached = false;
    this.#stopWatch();
  }

  #startWatch(): void {
    if (this.#watch) return;
    const watch = new GrowthWatch(this.path, this.size - this.base, {
      grew: (stats) => this.#grew(stats),
      quiet: () => this.#save(),
      gone: () => this.#gone(),
    });
    // The first look may have found the file gone.
    if (!watch.closed) this.#watch = watch;
  }

  #stopWatch(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }

  #grew(stats: Stats): number | undefined {
    // Somebody emptied the file: its offsets go on behind the old end.
    if (stats.size < this.size - this.base) this.rebase(this.size, stats.size);
    const size = this.base + stats.size;
    const bytes = size - this.size;
    this.size = size;
    this.grownAt = Math.round(Math.min(stats.mtimeMs, this.#host.now()));
    if (this.grownAt - this.#savedAt >= ENTRY_EVERY_MS || this.grownAt < this.#savedAt) this.#save();
    const next = this.#host.grew(this, Math.max(0, bytes));
    this.tell();
    return this.#listeners.size > 0 ? Math.min(next ?? FOLLOWED_POLL_MS, FOLLOWED_POLL_MS) : next;
  }

  #save(): void {
    if (this.size <= this.#savedSize) return;
    try {
      appendEntry(this.indexPath, { offset: this.size, at: this.grownAt });
    } catch {
      // A full disk costs times of lines, never the app's run.
      return;
    }
    this.#savedSize = this.size;
    this.#savedAt = this.grownAt;
  }

  #gone(): void {
    this.#watch = undefined;
    this.attached = false;
    this.ended = true;
    this.tell();
  }
}

/** Somebody is looking: new lines are shown this soon. */
const FOLLOWED_POLL_MS = 50;
