// A home with an SQLite store for one test.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Store } from "../../src/domain/store.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { StoreBed } from "../contracts/store.ts";

export interface SqliteBed extends StoreBed {
  home: string;
  /** Path of the database file. */
  file: string;
}

export function sqliteBed(home = mkdtempSync(join(tmpdir(), "gantry-store-"))): SqliteBed {
  const file = join(home, "gantry.db");
  const logged: string[] = [];
  const opened: Store[] = [];
  const lockers: ChildProcess[] = [];
  return {
    home,
    file,
    logged,
    async open(options = {}) {
      const log = (level: string, message: string, details?: unknown) =>
        void logged.push(`${level} ${message} ${JSON.stringify(details)}`);
      const store = await openStore({ home, databaseUrl: null, log, ...options });
      opened.push(store);
      return store;
    },
    async run(text) {
      const database = new DatabaseSync(file);
      database.exec(text);
      database.close();
    },
    async forgetCopies() {
      rmSync(`${file}.good`);
    },
    async lock() {
      const locker = spawn(process.execPath, ["--input-type=module", "-e", LOCKER, file], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      lockers.push(locker);
      await once(locker.stdout, "data");
      return async () => {
        locker.stdin.end();
        await once(locker, "exit");
      };
    },
    async end() {
      for (const locker of lockers) locker.kill("SIGKILL");
      for (const store of opened) await store.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Locks the database until its input ends. */
const LOCKER = `
import { DatabaseSync } from "node:sqlite";
const database = new DatabaseSync(process.argv[1]);
database.exec("begin exclusive");
console.log("locked");
process.stdin.on("end", () => { database.exec("rollback"); process.exit(0); }).resume();
`;
