// The first schema.
import { type Kysely, sql } from "kysely";
import type { Migration } from "../migrate.ts";

export const first: Migration = {
  number: 1,
  name: "first",
  async up(db) {
    await db.schema
      .createTable("apps")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("deleted", "integer", (column) => column.notNull())
      .addColumn("doc", "text", (column) => column.notNull())
      .execute();
    await sql`create unique index apps_name on apps (name) where deleted = 0`.execute(db);
    await ownedByApp(db, "releases")
      .addColumn("number", "integer", (column) => column.notNull())
      .addUniqueConstraint("releases_number", ["app_id", "number"])
      .execute();
    await ownedByApp(db, "instances")
      .addColumn("release_id", "text", (column) => column.notNull().references("releases.id"))
      .addColumn("ended_at", "bigint")
      .execute();
    await ownedByApp(db, "deployments").execute();
    for (const [table, column] of FOREIGN_KEYS)
      await db.schema.createIndex(`${table}_${column}`).on(table).column(column).execute();
    await createRest(db);
  },
};

/** Both databases search the referring table when a referred row goes: without an index, all of it. */
const FOREIGN_KEYS = [
  ["instances", "app_id"],
  ["instances", "release_id"],
  ["deployments", "app_id"],
] as const;

const ownedByApp = (db: Kysely<unknown>, table: string) =>
  db.schema
    .createTable(table)
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("app_id", "text", (column) => column.notNull().references("apps.id").onDelete("cascade"))
    .addColumn("doc", "text", (column) => column.notNull());

async function createRest(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("events")
    .addColumn("id", "bigint", (column) => column.primaryKey())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("type", "text", (column) => column.notNull())
    .addColumn("app_id", "text")
    .addColumn("actor", "text", (column) => column.notNull())
    .addColumn("message", "text", (column) => column.notNull())
    .addColumn("data", "text")
    .execute();
  await db.schema.createIndex("events_app").on("events").columns(["app_id", "id"]).execute();
  await db.schema
    .createTable("meta")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("set_aside")
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("doc", "text", (column) => column.notNull())
    .addColumn("reason", "text", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .execute();
}
