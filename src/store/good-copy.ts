// Keeps a recent sound copy of the SQLite file, made beside the daemon's own thread.
import { existsSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import type { StoreLog } from "./backend.ts";
import { makePrivate, removeDatabase, type SqliteFiles, syncPath } from "./sqlite-files.ts";

/**
 * The worker: takes in the write-ahead log, copies the database as it is at one moment, checks the copy. All of it can
 * take a while, and none of it holds up a writer. It is text because the bundled program has no further file to run.
 */
const WORKER = `
const { DatabaseSync, backup } = require("node:sqlite");
const { workerData, parentPort } = require("node:worker_threads");
(async () => {
  const source = new DatabaseSync(workerData.source, { timeout: 1000 });
  source.exec("pragma wal_checkpoint(passive)");
  await backup(source, workerData.draft, { rate: 2 ** 30 });
  source.close();
  const copy = new DatabaseSync(workerData.draft);
  copy.exec("pragma journal_mode = delete");
  const row = copy.prepare("pragma integrity_check(1)").get();
  copy.close();
  parentPort.postMessage(Object.values(row)[0]);
})().catch((error) => parentPort.postMessage(String(error.message)));
`;

/** After a change of apps or releases, and after any other. */
const IMPORTANT_DELAY_MS = 2_000;
const OTHER_DELAY_MS = 300_000;
/** So many transactions count as something important: the write-ahead log has grown. */
const MANY_CHANGES = 2_000;
/** Two copies are at least so far apart. */
const GAP_MS = 10_000;

export class GoodCopy {
  readonly #files: SqliteFiles;
  readonly #log: StoreLog;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #lastAt = -Infinity;
  #making: Promise<void> | null = null;
  #changedImportantly = false;
  #changes = 0;
  #closed = false;

  constructor(files: SqliteFiles, log: StoreLog) {
    this.#files = files;
    this.#log = log;
  }

  /** Plans a copy; costs nothing while one is planned already. */
  changed(important: boolean): void {
    this.#changedImportantly ||= important;
    this.#changes += 1;
    const isUrgent = important || this.#changes === MANY_CHANGES;
    const dueAt = performance.now() + (isUrgent ? IMPORTANT_DELAY_MS : OTHER_DELAY_MS);
    if (dueAt < this.#dueAt) this.#plan(Math.max(dueAt, this.#lastAt + GAP_MS));
  }

  /** Makes a copy now; never rejects. */
  async make(): Promise<void> {
    this.#making ??= this.#copy().finally(() => {
      this.#making = null;
    });
    await this.#making;
  }

  /** Ends with a copy where apps or releases changed since the last one. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#making;
    if (this.#changedImportantly) await this.make();
    this.#closed = true;
  }

  #plan(dueAt: number): void {
    if (this.#closed || dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => void this.make(), Math.max(0, dueAt - performance.now()));
    this.#timer.unref();
  }

  async #copy(): Promise<void> {
    clearTimeout(this.#timer);
    this.#dueAt = Infinity;
    this.#lastAt = performance.now();
    this.#changedImportantly = false;
    this.#changes = 0;
    const { database, draft, good } = this.#files;
    try {
      if (!existsSync(database)) throw new Error("the database's file is gone");
      removeDatabase(draft);
      makePrivate(draft);
      const verdict = await runWorker({ source: database, draft });
      if (verdict !== "ok") throw new Error(verdict);
      syncPath(draft);
      renameSync(draft, good);
      syncPath(dirname(good));
    } catch (error) {
      this.#log("warn", "The good copy of the database could not be renewed", {
        error: (error as Error).message,
      });
    }
  }
}

function runWorker(workerData: { source: string; draft: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { eval: true, workerData, execArgv: [], name: "good copy" });
    let verdict = "the copy was not finished";
    worker.once("message", (message: string) => {
      verdict = message;
    });
    worker.once("error", reject);
    worker.once("exit", () => resolve(verdict));
  });
}
