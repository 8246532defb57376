// Which ends of instances count against an app.
import type { App } from "./app.ts";
import type { Instance } from "./instance.ts";
import type { Launch } from "./release.ts";
import type { Ended } from "./restart-policy.ts";

type EndedRow = Instance & { endedAt: number };

/** The newest unasked-for end of this round. */
export function lastCrash(app: App, rows: readonly Instance[]): Ended | null {
  let last: EndedRow | null = null;
  for (const row of rows) if (isCrash(app, row) && (last === null || row.endedAt >= last.endedAt)) last = row;
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

/**
 * Runs of this round that show that the release can't run: all unasked-for ends, but for the success of an app that need not
 * listen and is not to run for ever, and for those that got lost with a daemon or a host.
 */
export const failedTries = (app: App, rows: readonly Instance[], { listens, restart }: Launch): Instance[] =>
  rows.filter(
    (row) =>
      isCrash(app, row) &&
      row.endReason !== "lost" &&
      !(
        row.endReason === "exited" &&
        row.exit?.code === 0 &&
        listens !== "required" &&
        restart.policy !== "always"
      ),
  );

/** Somebody asked for the other ends. Those of another round (before a deploy or a way back) say nothing about this one. */
const isCrash = (app: App, row: Instance): row is EndedRow =>
  row.endedAt !== null &&
  row.endReason !== "stopped" &&
  row.endReason !== "replaced" &&
  isCurrent(app, row) &&
  (row.round ?? 0) === (app.round ?? 0);

const isCurrent = (app: App, row: Instance): boolean =>
  row.generation === app.generation && row.releaseId === app.targetReleaseId;
