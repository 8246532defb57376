// Writes down that an instance ended, and how.
import type { App } from "../../domain/app.ts";
import type { EndReason, Exit, Instance } from "../../domain/instance.ts";
import { lastWords } from "../../domain/last-words.ts";
import { endEvents } from "../end-events.ts";
import type { Workshop } from "../workshop.ts";

/** For an instance that ended by itself (or whose stop an earlier daemon began). */
export async function recordEnd(
  shop: Workshop,
  app: App,
  { instanceId }: { instanceId: string },
): Promise<void> {
  const { context } = shop;
  const row = context.store.instances.get(instanceId);
  if (row === undefined || row.endedAt !== null) return;
  const seen = row.handle === null ? undefined : context.engines[row.engine]?.inspect(row.id, row.handle);
  shop.health.forget(instanceId);
  if (seen?.status !== "ended") return await closeRow(shop, app, row, null, null);
  const note = seen.outOfMemory ? "was killed: it went over its memory limit" : null;
  await closeRow(shop, app, row, seen.exit, note);
}

/** Ends the row, takes the instance off the route, and frees what it left. */
export async function closeRow(
  shop: Workshop,
  app: App,
  row: Instance,
  exit: Exit | null,
  note: string | null,
): Promise<void> {
  const { context, state } = shop;
  const endReason = row.stopReason ?? (exit === null ? "lost" : "exited");
  const message = row.message ?? note ?? describeExit(exit, row);
  const ended: Instance = { ...row, endedAt: endOf(shop, row), endReason, exit, message };
  state.lastEndAt.set(app.id, context.clock.monotonic());
  const wasRouted = state.routed.get(app.id)?.delete(row.id) ?? false;
  const stored = context.store.record({
    put: { instances: [ended] },
    events: endEvents(context, app, ended),
  });
  if (wasRouted) void shop.routes.publish(app.id);
  context.logs.detach(row.id);
  // The successor of a crashed app does not wait for the tidying, unless it needs the same port. The queue keeps the order.
  const waits = row.stopReason !== null || context.store.releases.get(row.releaseId)?.launch.port != null;
  if (waits) await Promise.all([stored, free(shop, app, row)]);
  else setImmediate(() => void free(shop, app, row));
  if (endReason === "exited" && exit !== null && exit.signal === null && exit.code !== 0)
    setImmediate(() => void addLastWords(shop, app, ended));
}

/** What the app printed last says more than its exit code. It is read when the successor runs. */
async function addLastWords({ context, routes }: Workshop, app: App, ended: Instance): Promise<void> {
  const lines = await context.logs.lastLines(app.name, ended.id, 40).catch(() => []);
  const words = lastWords(lines);
  const row = context.store.instances.get(ended.id);
  if (words === null || row === undefined) return;
  await context.store.record({ put: { instances: [{ ...row, message: `${row.message}: ${words}` }] } });
  routes.refresh(app.id);
}

/** So that the row tells the true length of the run, also when the wall clock jumped meanwhile. */
function endOf({ context, state }: Workshop, row: Instance): number {
  const born = state.bornAt.get(row.id);
  state.bornAt.delete(row.id);
  const now = context.clock.now();
  return born === undefined
    ? Math.max(now, row.createdAt)
    : row.createdAt + Math.round(context.clock.monotonic() - born);
}

/** Ends stray children and removes control groups and status files. */
async function free({ context }: Workshop, app: App, row: Instance): Promise<void> {
  try {
    await context.engines[row.engine]?.remove(row.id, row.handle);
  } catch (error) {
    context.log.error("what an ended instance left could not be removed", {
      app: app.name,
      instanceId: row.id,
      error: String(error),
    });
  }
}

/** An end that was asked for: with which signal or code it came tells nobody anything. */
const ASKED: { [Reason in EndReason]?: string } = { stopped: "was stopped", replaced: "was replaced" };

function describeExit(exit: Exit | null, row: Instance): string {
  if (exit === null) return row.handle === null ? "was never started" : "ended while nobody watched";
  const asked = ASKED[row.stopReason ?? "lost"];
  if (asked !== undefined && exit.signal !== "KILL") return asked;
  if (exit.signal !== null) return `was ended by signal ${exit.signal}`;
  return `exited with code ${exit.code}`;
}
