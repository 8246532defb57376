// The table of instances.
import type { Instance } from "../../domain/instance.ts";
import type { RowTable } from "./row-table.ts";

export const instancesTable: RowTable<Instance> = {
  needs: { id: "string", appId: "string", releaseId: "string", engine: "string", createdAt: "number" },
  bornAt: (instance) => instance.createdAt,
  put: (db, rows) =>
    db
      .insertInto("instances")
      .values(
        rows.map((instance) => ({
          id: instance.id,
          app_id: instance.appId,
          release_id: instance.releaseId,
          ended_at: instance.endedAt,
          doc: JSON.stringify(instance),
        })),
      )
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet((row) => ({
          app_id: row.ref("excluded.app_id"),
          release_id: row.ref("excluded.release_id"),
          ended_at: row.ref("excluded.ended_at"),
          doc: row.ref("excluded.doc"),
        })),
      )
      .execute(),
  remove: (db, ids) => db.deleteFrom("instances").where("id", "in", ids).execute(),
};
