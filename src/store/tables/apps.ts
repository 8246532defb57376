// The table of apps: no two that are not deleted share a name.
import type { App } from "../../domain/app.ts";
import type { RowTable } from "./row-table.ts";

export const appsTable: RowTable<App> = {
  needs: {
    id: "string",
    name: "string",
    source: "object",
    engine: "string",
    config: "object",
    createdAt: "number",
  },
  bornAt: (app) => app.createdAt,
  put: (db, rows) =>
    db
      .insertInto("apps")
      .values(
        rows.map((app) => ({
          id: app.id,
          name: app.name,
          deleted: app.deletedAt === null ? (0 as const) : (1 as const),
          doc: JSON.stringify(app),
        })),
      )
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet((row) => ({
          name: row.ref("excluded.name"),
          deleted: row.ref("excluded.deleted"),
          doc: row.ref("excluded.doc"),
        })),
      )
      .execute(),
  remove: (db, ids) => db.deleteFrom("apps").where("id", "in", ids).execute(),
};
