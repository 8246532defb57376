// The one connection that writes to PostgreSQL. It holds the lock of the database: who has lost it can't write.
import pg from "pg";
import { GantryError } from "../domain/errors.ts";
import { Turns } from "./turns.ts";

/** Any two numbers of our own: advisory locks are known by number, within one database. */
const LOCK = [0x6761_6e74, 0x7279];

/** A killed daemon's connection may live on for a moment at the server. */
const LOCK_WAIT_MS = 3_000;

const SCHEMA = "gantry";

/** bigint as number: ids and epoch milliseconds stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as "text"),
};

export const connectionConfig = (url: string): pg.ClientConfig => ({
  connectionString: url,
  application_name: "gantry",
  options: `-c search_path=${SCHEMA}`,
  connectionTimeoutMillis: 5_000,
  lock_timeout: 500,
  statement_timeout: 10_000,
  query_timeout: 15_000,
  keepAlive: true,
  types,
});

/** Looks like a pool of one to Kysely; makes a new connection when the old one is gone. */
export class PostgresSession {
  readonly #url: string;
  readonly #turns = new Turns();
  #client: pg.Client | null = null;
  #isFirst = true;

  constructor(url: string) {
    this.#url = url;
  }

  /** Throws `home-locked` when another daemon has the database. */
  async connect(): Promise<Pick<pg.PoolClient, "query" | "release">> {
    await this.#turns.take();
    try {
      this.#client ??= await this.#open();
      const client = this.#client;
      const query = (text: string, values: unknown[]) =>
        client.query(text, values).catch((error: unknown) => {
          // Nobody knows what the server made of it: this connection is of no use any more.
          if (!(error instanceof pg.DatabaseError)) this.#drop(client);
          throw error;
        });
      return { query: query as pg.PoolClient["query"], release: () => this.#turns.give() };
    } catch (error) {
      this.#turns.give();
      throw error;
    }
  }

  async end(): Promise<void> {
    await this.#client?.end();
    this.#client = null;
  }

  async #open(): Promise<pg.Client> {
    const client = new pg.Client(connectionConfig(this.#url));
    client.on("error", () => this.#drop(client));
    client.on("end", () => this.#drop(client));
    try {
      await client.connect();
      await this.#lock(client);
      await makeSchema(client);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    this.#isFirst = false;
    return client;
  }

  async #lock(client: pg.Client): Promise<void> {
    const end = performance.now() + (this.#isFirst ? LOCK_WAIT_MS : 0);
    for (;;) {
      const { rows } = await client.query("select pg_try_advisory_lock($1, $2) as locked", LOCK);
      if (rows[0]?.locked === true) return;
      if (performance.now() > end) throw new GantryError("home-locked", { home: placeOf(this.#url) });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #drop(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    client.end().catch(() => {});
  }
}

/** A schema of our own, also in a database that others use. */
async function makeSchema(client: pg.Client): Promise<void> {
  const found = await client.query("select 1 from pg_namespace where nspname = $1", [SCHEMA]);
  if (found.rows.length === 0) await client.query(`create schema ${SCHEMA}`);
}

/** The database for people: without user and password. */
export function placeOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `the database ${host}${pathname}`;
  } catch {
    return "the database";
  }
}
