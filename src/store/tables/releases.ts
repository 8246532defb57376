// The table of releases: numbered within their app.
import type { Release } from "../../domain/release.ts";
import type { RowTable } from "./row-table.ts";

export const releasesTable: RowTable<Release> = {
  needs: { id: "string", appId: "string", number: "number", launch: "object" },
  bornAt: (release) => release.number,
  put: (db, rows) =>
    db
      .insertInto("releases")
      .values(
        rows.map((release) => ({
          id: release.id,
          app_id: release.appId,
          number: release.number,
          doc: JSON.stringify(release),
        })),
      )
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet((row) => ({
          app_id: row.ref("excluded.app_id"),
          number: row.ref("excluded.number"),
          doc: row.ref("excluded.doc"),
        })),
      )
      .execute(),
  async remove(db, ids) {
    // Ended instances go with their release; a living one makes the database refuse.
    await db
      .deleteFrom("instances")
      .where("release_id", "in", ids)
      .where("ended_at", "is not", null)
      .execute();
    await db.deleteFrom("releases").where("id", "in", ids).execute();
  },
};
