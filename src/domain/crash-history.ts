// Which ends of instances count against an app.
import type { App } from "./app.ts";
import type { Instance } from "./instance.ts";
import type { Ended } from "./restart-policy.ts";

/** The newest unasked-for end of this generation and release. */
export function lastCrash(app: App, rows: readonly Instance[]): Ended | null {
  let last: (Instance & { endedAt: number }) | null = null;
  for (const row of rows) {
    if (row.endedAt === null || row.endReason === "stopped" || row.endReason === "replaced") continue;
    if (!isCurrent(app, row) || (last !== null && row.endedAt < last.endedAt)) continue;
    last = { ...row, endedAt: row.endedAt };
  }
  if (last === null) return null;
  const { id, createdAt: startedAt, endedAt, crashesBefore } = last;
  return {
    id,
    startedAt,
    endedAt,
    crashesBefore,
    success: last.endReason === "exited" && last.exit?.code === 0,
  };
}

/** How often an end of this generation and release was followed by a new run. */
export const countRestarts = (app: App, rows: readonly Instance[]): number =>
  rows.findLast((row) => isCurrent(app, row))?.restartsBefore ?? 0;

const isCurrent = (app: App, row: Instance): boolean =>
  row.generation === app.generation && row.releaseId === app.targetReleaseId;
