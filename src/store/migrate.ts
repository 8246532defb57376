// Brings a database to the schema that this program knows.
import type { Kysely } from "kysely";
import { GantryError } from "../domain/errors.ts";
import type { Queries } from "./schema.ts";

/** One step of the schema. `number` rises by one; a published migration is never changed. */
export interface Migration {
  number: number;
  name: string;
  up(db: Kysely<unknown>): Promise<void>;
}

/**
 * What is still to be done. Throws `newer-state` when the database (`place`, for people) was written by a program that
 * knows more migrations than these.
 */
export async function pendingMigrations(
  db: Queries,
  all: readonly Migration[],
  place: string,
): Promise<readonly Migration[]> {
  const found = await schemaNumber(db);
  const known = all.at(-1)?.number ?? 0;
  if (found > known) throw new GantryError("newer-state", { place, found, known });
  return all.filter((migration) => migration.number > found);
}

/** Runs the migrations in one transaction: all of them or none. */
export async function migrate(db: Queries, pending: readonly Migration[], now: () => number): Promise<void> {
  if (pending.length === 0) return;
  await db.transaction().execute(async (transaction) => {
    await transaction.schema
      .createTable("migrations")
      .ifNotExists()
      .addColumn("number", "integer", (column) => column.primaryKey())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("at", "bigint", (column) => column.notNull())
      .execute();
    for (const { number, name, up } of pending) {
      await up(transaction as unknown as Kysely<unknown>);
      await transaction.insertInto("migrations").values({ number, name, at: now() }).execute();
    }
  });
}

/** 0 for a database without our tables. */
async function schemaNumber(db: Queries): Promise<number> {
  try {
    const newest = await db
      .selectFrom("migrations")
      .select((row) => row.fn.max("number").as("number"))
      .executeTakeFirst();
    return Number(newest?.number ?? 0);
  } catch (error) {
    if (isMissingTable(error)) return 0;
    throw error;
  }
}

/** 42P01 is PostgreSQL's undefined_table. */
const isMissingTable = (error: unknown): boolean =>
  error instanceof Error &&
  (("code" in error && error.code === "42P01") || error.message.startsWith("no such table"));
