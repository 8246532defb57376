// Notices that a file grows: free while it is quiet (one inotify watch), a few looks a second while it grows.
import { type FSWatcher, type Stats, statSync, watch } from "node:fs";

/** Looks while it grows; the listener may ask for shorter ones. */
const POLL_MS = 250;
/** The first look after the quiet: a flood is known by then. */
const FIRST_POLL_MS = 15;
const QUIET_MS = 2_000;
/** Where no watch can be had (the system's limit is reached). */
const BLIND_POLL_MS = 1_000;

export interface GrowthListener {
  /** The file has a new size; returns in how many milliseconds to look again, or undefined for the usual 250. */
  grew(stats: Stats): number | undefined;
  /** Nothing was written for two seconds. */
  quiet(): void;
  /** The file is no more. */
  gone(): void;
}

/**
 * Arms a one-shot watch. The first event closes it and the file is polled until it has been quiet for two seconds; a writer that
 * writes a million times a second costs no more than one that writes four times.
 */
export class GrowthWatch {
  readonly path: string;
  readonly listener: GrowthListener;
  #size: number;
  #quietSince = 0;
  /** The longest pause before the next look; doubles at each, so that a writer that waits for a moment is not lost sight of. */
  #pace = FIRST_POLL_MS;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(path: string, size: number, listener: GrowthListener) {
    this.path = path;
    this.listener = listener;
    this.#size = size;
    this.#arm();
  }

  /** Looks now, whatever the timers say. */
  look(): void {
    if (this.#closed) return;
    this.#disarm();
    let stats: Stats;
    try {
      stats = statSync(this.path);
    } catch {
      this.close();
      this.listener.gone();
      return;
    }
    const now = performance.now();
    let next: number | undefined;
    if (stats.size !== this.#size) {
      this.#size = stats.size;
      this.#quietSince = now;
      next = this.listener.grew(stats);
    }
    // The listener may have closed this.
    if (this.#closed) return;
    // Or it may have looked again by itself.
    this.#disarm();
    if (now - this.#quietSince < QUIET_MS) {
      const pause = Math.min(next ?? POLL_MS, this.#pace);
      this.#timer = setTimeout(() => this.look(), pause).unref();
      this.#pace = Math.min(POLL_MS, pause * 2);
    } else {
      this.#pace = FIRST_POLL_MS;
      this.listener.quiet();
      this.#arm();
    }
  }

  /** The size was changed by us, not by the writer. */
  resized(size: number): void {
    this.#size = size;
  }

  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    this.#disarm();
  }

  #arm(): void {
    try {
      this.#watcher = watch(this.path, { persistent: false }, () => this.look());
      this.#watcher.on("error", () => this.#blind());
    } catch {
      this.#blind();
      return;
    }
    // What was written between the last look and the arming.
    try {
      if (statSync(this.path).size !== this.#size) this.look();
    } catch {
      this.look();
    }
  }

  #blind(): void {
    this.#disarm();
    if (!this.#closed) this.#timer = setTimeout(() => this.look(), BLIND_POLL_MS).unref();
  }

  #disarm(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
