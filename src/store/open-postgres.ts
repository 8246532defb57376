// Opens the store in a PostgreSQL database.
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { GantryError } from "../domain/errors.ts";
import type { Backend } from "./backend.ts";
import { migrate, pendingMigrations } from "./migrate.ts";
import type { Setup } from "./open-sqlite.ts";
import { connectionConfig, PostgresSession, placeOf } from "./postgres-session.ts";
import { postgresTrouble } from "./postgres-trouble.ts";
import type { Queries, Tables } from "./schema.ts";

/** Throws `home-locked` when another daemon uses the database, `database-unavailable` when it can't be reached. */
export async function openPostgres(url: string, { log, now, migrations }: Setup): Promise<Backend> {
  const session = new PostgresSession(url);
  const writer: Queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: session }) });
  try {
    await migrate(writer, await pendingMigrations(writer, migrations, placeOf(url)), now);
  } catch (error) {
    await writer.destroy();
    if (error instanceof GantryError) throw error;
    const { reason } = postgresTrouble(error);
    throw new GantryError("database-unavailable", { reason: `${placeOf(url)}: ${reason}` }, error);
  }
  const pool = new pg.Pool({ ...connectionConfig(url), max: 2, idleTimeoutMillis: 60_000 });
  // A connection that breaks while nobody uses it: the next question gets a new one.
  pool.on("error", (error) =>
    log("debug", "A connection to the database was lost", { error: error.message }),
  );
  const reader: Queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    writer,
    reader,
    repair: null,
    rescue: () => null,
    loaded() {},
    troubleOf: postgresTrouble,
    changed() {},
    async close() {
      await reader.destroy();
      await writer.destroy();
    },
  };
}
