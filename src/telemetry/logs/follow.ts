// New lines of apps as they are written: woken by growth, free while nothing happens.
import type { LogLine } from "../../domain/log-line.ts";
import type { AppLogs } from "./app-logs.ts";
import { FileLines, type Wanted } from "./file-lines.ts";
import type { LogFile } from "./log-file.ts";

/** Files that nobody attached (another daemon's) are watched too, the newest few of each app. */
const WATCH_UNATTACHED = 3;
const RESCAN_MS = 2_000;

/**
 * Complete lines exactly once: a line is shown when its line end was written, when its instance has ended, or in pieces when it is
 * longer than 64 kB. A pause in the middle of a line splits nothing.
 */
export class Follower {
  readonly #sources = new Map<LogFile, FileLines>();
  readonly #dirty = new Set<LogFile>();
  /** Sources with a history; where nobody read it, it is skipped. */
  readonly #old: FileLines[] = [];
  readonly #undo: (() => void)[] = [];
  readonly #ofFile = new Map<LogFile, () => void>();
  readonly #signal: AbortSignal | undefined;
  #wake: (() => void) | undefined;

  /** Listens from now on; `wanted` says for a new file how to read it, or undefined when it does not interest. */
  constructor(
    apps: AppLogs[],
    wanted: (file: LogFile) => Wanted | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#signal = signal;
    const wake = (): void => this.#wake?.();
    signal?.addEventListener("abort", wake);
    this.#undo.push(() => signal?.removeEventListener("abort", wake));
    for (const app of apps)
      this.#undo.push(
        app.onNewFile((file) => {
          const how = wanted(file);
          if (how) this.add(new FileLines(file, { ...how, tail: undefined, since: undefined }), true);
        }),
      );
    const times = new Map<AppLogs, number>();
    const rescan = setInterval(() => {
      for (const app of apps) times.set(app, app.scanIfChanged(times.get(app) ?? -1));
    }, RESCAN_MS);
    this.#undo.push(() => clearInterval(rescan));
  }

  /** Follows a file. `watch`: also while nobody has attached it. */
  add(source: FileLines, watch: boolean): void {
    const { file } = source;
    if (this.#sources.has(file)) return;
    this.#sources.set(file, source);
    this.#ofFile.set(
      file,
      file.onGrowth(() => this.#mark(file), watch),
    );
    this.#mark(file);
  }

  /** Follows the files of one app, oldest first. */
  addAll(sources: FileLines[]): void {
    const newest = new Set(sources.filter(({ file }) => !file.attached).slice(-WATCH_UNATTACHED));
    for (const source of sources) {
      if (!source.file.attached && !newest.has(source)) continue;
      this.add(source, true);
      this.#old.push(source);
    }
  }

  /** The news, from where each source stands; ends with the signal. */
  async *news(): AsyncGenerator<LogLine[]> {
    for (const source of this.#old.splice(0)) if (!source.started) await source.skip();
    while (!this.#signal?.aborted) {
      for (const file of [...this.#dirty]) {
        const lines = await this.#advance(file);
        if (lines.length > 0) yield lines;
        if (this.#signal?.aborted) return;
      }
      if (this.#dirty.size === 0) await this.#sleep();
    }
  }

  /** Frees watches, timers and descriptors. */
  async close(): Promise<void> {
    for (const undo of this.#undo) undo();
    for (const undo of this.#ofFile.values()) undo();
    for (const source of this.#sources.values()) await source.rest();
    this.#sources.clear();
  }

  async #advance(file: LogFile): Promise<LogLine[]> {
    this.#dirty.delete(file);
    const source = this.#sources.get(file);
    if (source === undefined) return [];
    try {
      const { ended } = file;
      const { lines, more } = await source.next(file.size, ended);
      if (more) this.#dirty.add(file);
      else {
        await source.rest();
        if (ended) this.#drop(file);
      }
      return lines;
    } catch (error) {
      this.#drop(file);
      await source.rest();
      // Deleted while it was followed: there is nothing more to show.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  #drop(file: LogFile): void {
    this.#ofFile.get(file)?.();
    this.#ofFile.delete(file);
    this.#sources.delete(file);
  }

  #mark(file: LogFile): void {
    this.#dirty.add(file);
    this.#wake?.();
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#dirty.size > 0 || this.#signal?.aborted) return resolve();
      this.#wake = resolve;
    });
  }
}
