// The table of deployments.
import type { Deployment } from "../../domain/deployment.ts";
import type { RowTable } from "./row-table.ts";

export const deploymentsTable: RowTable<Deployment> = {
  needs: { id: "string", appId: "string", state: "string", startedAt: "number" },
  bornAt: (deployment) => deployment.startedAt,
  put: (db, rows) =>
    db
      .insertInto("deployments")
      .values(
        rows.map((deployment) => ({
          id: deployment.id,
          app_id: deployment.appId,
          doc: JSON.stringify(deployment),
        })),
      )
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet((row) => ({
          app_id: row.ref("excluded.app_id"),
          doc: row.ref("excluded.doc"),
        })),
      )
      .execute(),
  remove: (db, ids) => db.deleteFrom("deployments").where("id", "in", ids).execute(),
};
