// A PostgreSQL database with a store for one test.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { Store } from "../../src/domain/store.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { StoreBed } from "../contracts/store.ts";
import type { PostgresServer } from "./postgres.ts";

export interface PostgresBed extends StoreBed {
  url: string;
}

export async function postgresBed(server: PostgresServer): Promise<PostgresBed> {
  const home = mkdtempSync(join(tmpdir(), "gantry-store-"));
  const url = await server.createDatabase();
  const logged: string[] = [];
  const opened: Store[] = [];
  const clients: pg.Client[] = [];
  const connect = async () => {
    const client = new pg.Client({ connectionString: url, options: "-c search_path=gantry" });
    client.on("error", () => {});
    clients.push(client);
    await client.connect();
    return client;
  };
  return {
    url,
    logged,
    async open(options = {}) {
      const log = (level: string, message: string, details?: unknown) =>
        void logged.push(`${level} ${message} ${JSON.stringify(details)}`);
      const store = await openStore({ home, databaseUrl: url, log, ...options });
      opened.push(store);
      return store;
    },
    async run(text) {
      const client = await connect();
      await client.query(text);
      await client.end();
    },
    async forgetCopies() {},
    async lock() {
      const client = await connect();
      await client.query("begin; lock table apps, instances in access exclusive mode");
      return () => client.end();
    },
    async end() {
      for (const client of clients) await client.end();
      for (const store of opened) await store.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
