// All log files of one app: found on disk, held together under one cap.
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { judgeGrowth, restingSize } from "./cap-rule.ts";
import type { HeadFreer } from "./free-head.ts";
import { PIECE_BYTES } from "./line-reader.ts";
import { LogFile } from "./log-file.ts";

export interface AppLogsOptions {
  app: string;
  folder: string;
  maxBytes: number;
  now: () => number;
  /** Milliseconds that no clock change moves. */
  monotonic?: (() => number) | undefined;
  freer: HeadFreer;
  /** Unattached files may belong to instances that are about to be attached again: nothing is deleted before this time. */
  settledAt: number;
  warn: (message: string, details: Record<string, unknown>) => void;
}

/** Without growth for this long a burst has ended: three of its looks. */
const BURST_ENDED_MS = 15;

export class AppLogs {
  readonly files = new Map<string, LogFile>();
  readonly #options: AppLogsOptions;
  readonly #newFile = new Set<(file: LogFile) => void>();
  /** Readings of history that go on now. */
  readers = 0;
  #scanned = false;
  #held: NodeJS.Timeout | undefined;

  constructor(options: AppLogsOptions) {
    this.#options = options;
  }

  /** The file of an instance; its folder is made. */
  file(instanceId: string): LogFile {
    const known = this.files.get(instanceId);
    if (known) return known;
    const { app, folder, now } = this.#options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const host = { now, grew: (grown: LogFile, bytes: number) => this.#grew(grown, bytes) };
    const file = new LogFile(app, instanceId, join(folder, `${instanceId}.log`), host);
    this.files.set(instanceId, file);
    for (const listener of [...this.#newFile]) listener(file);
    return file;
  }

  /** All files, oldest first, as they are on disk now. */
  scan(): LogFile[] {
    // First of all, because a look may find growth, and growth asks for a scan.
    this.#scanned = true;
    const names = namesIn(this.#options.folder);
    const ids = new Set(names.filter((name) => name.endsWith(".log")).map((name) => name.slice(0, -4)));
    for (const id of ids) this.file(id);
    for (const [id, file] of this.files) {
      if (file.attached) file.look();
      else if (ids.has(id)) file.refresh();
      else this.files.delete(id);
    }
    return [...this.files.values()].sort(byAge);
  }

  /** Finds files that somebody else made, when the folder has changed since `before`; returns the folder's time. */
  scanIfChanged(before: number): number {
    const changedAt = modifiedAt(this.#options.folder);
    if (changedAt !== before) this.scan();
    return changedAt;
  }

  onNewFile(listener: (file: LogFile) => void): () => void {
    this.#newFile.add(listener);
    return () => this.#newFile.delete(listener);
  }

  /** Deletes and frees until at most `target` bytes are left: ended instances first, oldest first, then heads. */
  fit(target: number): void {
    if (!this.#scanned) this.scan();
    let total = this.#total();
    if (total <= target) return;
    const files = [...this.files.values()].sort(byAge);
    for (const file of files.slice(0, -1)) {
      if (total <= target) return;
      if (!this.#mayDelete(file)) continue;
      total -= file.used;
      this.delete(file);
    }
    for (const file of files.sort((a, b) => b.used - a.used)) {
      if (total <= target) return;
      const wanted = Math.ceil((file.first + total - target) / PIECE_BYTES) * PIECE_BYTES;
      const first = Math.min(wanted, Math.floor(file.size / PIECE_BYTES) * PIECE_BYTES);
      if (first <= file.first) continue;
      total -= first - file.first;
      file.giveUp(first);
      this.#options.freer
        .free(file)
        .catch((error: unknown) =>
          this.#options.warn("log head not freed", { file: file.path, error: String(error) }),
        );
    }
  }

  /** Deletes ended files that are older than `before` (epoch ms) or beyond the newest `keep`. */
  prune(before: number, keep: number): void {
    const ended = this.scan().filter((file) => this.#mayDelete(file));
    for (const [i, file] of ended.entries())
      if (file.grownAt < before || i < ended.length - keep) this.delete(file);
    this.#removeOrphans();
    this.fit(this.#options.maxBytes);
  }

  /** Indexes whose log is gone, and half-written ones. */
  #removeOrphans(): void {
    for (const name of namesIn(this.#options.folder))
      if (name.endsWith(".idx.new") || (name.endsWith(".idx") && !this.files.has(name.slice(0, -4))))
        rmSync(join(this.#options.folder, name), { force: true });
  }

  delete(file: LogFile): void {
    file.close();
    file.ended = true;
    this.files.delete(file.instanceId);
    rmSync(file.path, { force: true });
    rmSync(file.indexPath, { force: true });
    file.tell();
  }

  close(): void {
    clearTimeout(this.#held);
    for (const file of this.files.values()) file.close();
  }

  /** True when nobody would miss this object: all of it can be read from disk again. */
  get idle(): boolean {
    if (this.readers > 0 || this.#newFile.size > 0) return false;
    return [...this.files.values()].every((file) => !file.inUse);
  }

  #mayDelete = (file: LogFile): boolean => !file.attached && this.#options.now() >= this.#options.settledAt;

  #total(): number {
    let total = 0;
    for (const file of this.files.values()) total += file.used;
    return total;
  }

  #grew(file: LogFile, bytes: number): number | undefined {
    const { maxBytes: cap, monotonic = () => performance.now() } = this.#options;
    const now = monotonic();
    const elapsedMs = Math.min(250, now - file.lookedAt);
    file.lookedAt = now;
    if (!this.#scanned) this.scan();
    const { keep, held, lookInMs } = judgeGrowth({ total: this.#total(), cap, bytes, elapsedMs });
    clearTimeout(this.#held);
    if (keep !== undefined) this.fit(keep);
    // Nothing else would look at a file that has stopped to grow.
    if (held) this.#held = setTimeout(() => this.fit(restingSize(cap, false)), BURST_ENDED_MS).unref();
    return lookInMs;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No logs yet.
    return [];
  }
}

function modifiedAt(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

const byAge = (a: LogFile, b: LogFile): number =>
  a.bornAt - b.bornAt || (a.instanceId < b.instanceId ? -1 : 1);
