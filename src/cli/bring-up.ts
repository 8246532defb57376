// Waits until apps that were just started are up, and tells how they are.
import type { AppView } from "../domain/app-view.ts";
import { harmless } from "../lib/harmless-text.ts";
import { appColumns, listedApps } from "./app-table.ts";
import { liveProgress } from "./live-progress.ts";
import { oneLine } from "./one-line.ts";
import { onInterrupt } from "./progress.ts";
import type { Session } from "./session.ts";
import { didItsWork, isGood, isSettled } from "./settled.ts";
import { watchApps } from "./watch-apps.ts";

/** Shows what they do meanwhile. */
export async function untilUp(apps: AppView[], session: Session): Promise<AppView[]> {
  if (apps.length === 0) return [];
  const live = liveProgress(
    session.out,
    apps.map(({ name }) => name),
  );
  onInterrupt(
    session.out,
    "It goes on in the background: gantry ls shows it, gantry down stops it.",
    live.end,
  );
  try {
    return await watchApps(session, {
      ids: apps.map(({ id }) => id),
      done: ({ state }) => isSettled(state),
      changed: live.show,
    });
  } finally {
    live.end();
  }
}

/** A table with their URLs, and the last words of those that did not get there. */
export async function tellUp(apps: AppView[], { out }: Session): Promise<void> {
  const bad = apps.filter((app) => !isGood(app));
  if (!out.quiet && apps.length > 0) {
    await out.longTable(appColumns(listedApps(apps), Date.now()).slice(0, 3));
  }
  if (!out.quiet)
    for (const { name } of apps.filter(didItsWork))
      out.print(`${harmless(name)} did its work and ended (exit code 0).`);
  for (const app of bad) {
    out.print("");
    out.print(
      `${out.paint(`${harmless(app.name)} ${app.state === "failed" ? "has failed" : `is ${app.state}`}`, "red")}${app.reason === null ? "" : `: ${oneLine(app.reason)}`}`,
    );
    for (const line of app.lastLines) out.verbatim(`  ${harmless(line)}`);
  }
}
