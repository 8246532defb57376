// Remembers the instances of this daemon's time and notices their ends: own children by event, adopted ones by file.
import type { ChildProcess } from "node:child_process";
import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import type { Exit } from "../../domain/instance.ts";
import { readShellStatus, sendSignal } from "../../lib/signals.ts";
import { isAlive, type ProcessHandle } from "./handle.ts";
import { readExitFile } from "./shim.ts";

export interface Tracked {
  readonly handle: ProcessHandle;
  /** Started by this engine: its end arrives as an event and its status needs no file. */
  readonly own: boolean;
  ended: boolean;
  exit: Exit | null;
  /** The app itself, the child of the shim; null until it was seen. */
  appPid: number | null;
  /** Monotonic ms of the last full look at an adopted one. */
  seenAt: number;
}

/** So often an adopted instance is verified anew when it is asked for: lists ask for many. */
const FRESH_MS = 1000;
/** How often adopted processes are looked at, besides the news from the folder of status files. */
const SWEEP_MS = 2000;
/** Each look also verifies the full identity of every n-th: a reused pid is found within minutes. */
const IDENTITY_EVERY = 100;
const SUFFIX = ".exit";

export class Tracker {
  readonly #runFolder: string;
  readonly #homeId: string;
  readonly #log: (message: string, details: Record<string, unknown>) => void;
  readonly #all = new Map<string, Tracked>();
  readonly #adopted = new Set<string>();
  readonly #listeners = new Set<(instanceId: string) => void>();
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | null = null;
  #round = 0;
  #closed = false;

  constructor(
    runFolder: string,
    homeId: string,
    log: (message: string, details: Record<string, unknown>) => void,
  ) {
    this.#runFolder = runFolder;
    this.#homeId = homeId;
    this.#log = log;
  }

  get(instanceId: string): Tracked | undefined {
    return this.#all.get(instanceId);
  }

  /** What is known of an instance; an adopted one is looked at again when that is too long ago. */
  recent(instanceId: string): Tracked | undefined {
    const tracked = this.#all.get(instanceId);
    if (tracked?.own === false && performance.now() - tracked.seenAt > FRESH_MS) this.check(instanceId);
    return tracked;
  }

  all(): Iterable<[string, Tracked]> {
    return this.#all;
  }

  addChild(instanceId: string, handle: ProcessHandle, child: ChildProcess): void {
    const tracked: Tracked = { handle, own: true, ended: false, exit: null, appPid: null, seenAt: 0 };
    this.#all.set(instanceId, tracked);
    child.once("exit", (code, signal) => this.#end(instanceId, tracked, exitOfShim(code, signal)));
  }

  /** Watches a living instance that another process started. Costs nothing while there are none. */
  addAdopted(instanceId: string, handle: ProcessHandle): void {
    this.#all.set(instanceId, { handle, own: false, ended: false, exit: null, appPid: null, seenAt: 0 });
    this.#adopted.add(instanceId);
    this.#startWatching();
    this.check(instanceId);
  }

  /** Looks at an adopted instance now; `thorough` also at its process, not only at its status file. */
  check(instanceId: string, thorough = true): void {
    const tracked = this.#all.get(instanceId);
    if (tracked === undefined || tracked.own || tracked.ended) return;
    if (thorough) tracked.seenAt = performance.now();
    const exit = this.#statusOf(instanceId);
    if (exit !== null) this.#end(instanceId, tracked, exit);
    else if (thorough && !isAlive(tracked.handle, instanceId, this.#homeId))
      this.#end(instanceId, tracked, this.#statusOf(instanceId));
  }

  forget(instanceId: string): void {
    this.#all.delete(instanceId);
    this.#leave(instanceId);
  }

  onEnd(listener: (instanceId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    this.#listeners.clear();
    this.#stopWatching();
  }

  #statusOf(instanceId: string): Exit | null {
    return readExitFile(join(this.#runFolder, `${instanceId}${SUFFIX}`));
  }

  #end(instanceId: string, tracked: Tracked, exit: Exit | null): void {
    if (tracked.ended || this.#closed) return;
    tracked.ended = true;
    tracked.exit = exit;
    // The id may by now stand for a later run.
    if (this.#all.get(instanceId) === tracked) this.#leave(instanceId);
    else return;
    for (const listener of this.#listeners) {
      try {
        listener(instanceId);
      } catch (error) {
        this.#log("a listener to the end of an instance failed", { instanceId, error: String(error) });
      }
    }
  }

  #leave(instanceId: string): void {
    if (this.#adopted.delete(instanceId) && this.#adopted.size === 0) this.#stopWatching();
  }

  #startWatching(): void {
    if (this.#timer !== null || this.#closed) return;
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS).unref();
    const failed = (error: unknown) => this.#log("status files can't be watched", { error: String(error) });
    try {
      this.#watcher = watch(this.#runFolder, { persistent: false }, (_, file) => {
        const instanceId = file?.endsWith(SUFFIX) ? file.slice(0, -SUFFIX.length) : null;
        if (instanceId !== null && this.#adopted.has(instanceId)) this.check(instanceId, false);
      });
      this.#watcher.on("error", failed);
    } catch (error) {
      failed(error);
    }
  }

  #stopWatching(): void {
    this.#watcher?.close();
    this.#watcher = null;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #sweep(): void {
    let place = this.#round++;
    for (const instanceId of [...this.#adopted]) {
      const tracked = this.#all.get(instanceId);
      if (tracked === undefined) continue;
      if (place++ % IDENTITY_EVERY === 0 || !sendSignal(tracked.handle.pid, 0)) this.check(instanceId);
    }
  }
}

/** The shim ends with the status of the app, unless it was killed itself. */
const exitOfShim = (code: number | null, signal: NodeJS.Signals | null): Exit =>
  code !== null ? readShellStatus(code) : { code: null, signal: signal === null ? null : signal.slice(3) };
