// Which ends of instances count against an app.
import type { App } from "./app.ts";
import type { Instance } from "./instance.ts";
import type { Ended } from "./restart-policy.ts";

/** The unasked-for ends of this generation and release, oldest first. */
export function crashHistory(app: App, rows: readonly Instance[]): Ended[] {
  const history: Ended[] = [];
  for (const row of rows) {
    if (row.endedAt === null || row.endReason === "stopped" || row.endReason === "replaced") continue;
    if (row.generation !== app.generation || row.releaseId !== app.targetReleaseId) continue;
    const success = row.endReason === "exited" && row.exit?.code === 0;
    history.push({ id: row.id, startedAt: row.createdAt, endedAt: row.endedAt, success });
  }
  return history.sort((a, b) => a.endedAt - b.endedAt);
}

/** How often an end of this generation and release was followed by a new run. */
export function countRestarts(app: App, rows: readonly Instance[]): number {
  const newest = rows.findLast(
    (row) => row.generation === app.generation && row.releaseId === app.targetReleaseId,
  );
  if (newest === undefined) return 0;
  return crashHistory(app, rows).filter((end) => end.id !== newest.id && end.endedAt <= newest.createdAt)
    .length;
}
