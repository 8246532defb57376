// Executions: finite runs, of which there may be a million.
import { sql } from "kysely";
import type { Migration } from "../migrate.ts";

export const executions: Migration = {
  number: 2,
  name: "executions",
  async up(db) {
    await db.schema
      .createTable("executions")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("app_id", "text", (column) => column.notNull().references("apps.id").onDelete("cascade"))
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("created_at", "bigint", (column) => column.notNull())
      .addColumn("doc", "text", (column) => column.notNull())
      .execute();
    // Every list is sorted by time: each question that is asked often has an index that ends with it.
    for (const [name, columns] of [
      ["executions_at", []],
      ["executions_app", ["app_id"]],
      ["executions_app_state", ["app_id", "state"]],
      ["executions_app_kind", ["app_id", "kind"]],
      ["executions_state", ["state"]],
      ["executions_kind", ["kind"]],
    ] as const)
      await db.schema
        .createIndex(name)
        .on("executions")
        .columns([...columns, "created_at", "id"])
        .execute();
    await sql`create index executions_hook on executions (app_id, name, created_at, id) where kind = 'hook'`.execute(
      db,
    );
  },
};
