// Starts one instance of the target release: row first, then the app, then its handle.
import type { Context } from "../../context.ts";
import type { App } from "../../domain/app.ts";
import { countRestarts, lastCrash } from "../../domain/crash-history.ts";
import { GantryError } from "../../domain/errors.ts";
import type { Handle, Instance } from "../../domain/instance.ts";
import type { Launch, Release } from "../../domain/release.ts";
import { crashesInARow } from "../../domain/restart-policy.ts";
import { newId } from "../../lib/id.ts";
import { allocatePort } from "../allocate-port.ts";
import { endEvents } from "../end-events.ts";
import { assignForwardPorts } from "../forwards.ts";
import { fillPort } from "../instance-env.ts";
import { prepareEnv } from "../prepare-env.ts";
import type { Workshop } from "../workshop.ts";

export async function startInstance(shop: Workshop, app: App): Promise<void> {
  const { store } = shop.context;
  const release = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  if (release === undefined) return;
  if (await assignForwardPorts(shop.context, shop.state, app)) await shop.routes.publish(app.id);
  const claim = await claimPort(shop, release.launch);
  const standby = shop.standbys.take(app, release);
  const instance = createRow(shop, app, release, { id: standby, port: claim.port });
  const stored = store.record({
    put: { instances: [instance] },
    events: [
      {
        type: "instance.created",
        appId: app.id,
        actor: "daemon",
        message: describe(app, release, instance),
        data: { instanceId: instance.id },
      },
    ],
  });
  claim.release();
  shop.state.bornAt.set(instance.id, shop.context.clock.monotonic());
  try {
    const handle = await launch(shop, app, instance, release.launch, stored);
    await succeed(shop, app, release, { ...instance, handle });
  } catch (error) {
    if (standby !== null) shop.standbys.giveUp(app, standby);
    if (!(error instanceof GantryError)) throw error;
    await fail(shop, app, instance, error.message);
  }
}

/** The fixed port, a free one, or none. Once the row is stored, the row is the claim. */
async function claimPort(
  { context, state }: Workshop,
  launch: Launch,
): Promise<{ port: number | null; release: () => void }> {
  if (launch.port !== null || launch.listens === "none") return { port: launch.port, release: () => {} };
  return await allocatePort(context, state);
}

function createRow(
  { context }: Workshop,
  app: App,
  release: Release,
  { id, port }: { id: string | null; port: number | null },
): Instance {
  const now = context.clock.now();
  return {
    id: id ?? newId("i", now),
    appId: app.id,
    releaseId: release.id,
    generation: app.generation,
    round: app.round ?? 0,
    engine: app.engine,
    host: release.launch.host,
    port,
    handle: null,
    createdAt: now,
    ...countsOf(context, app, release),
    readyAt: null,
    stopRequestedAt: null,
    stopReason: null,
    endedAt: null,
    endReason: null,
    exit: null,
    message: null,
  };
}

/** What the run before leaves to this one; one that is to be replaced as unhealthy counts as ended now. */
function countsOf(
  context: Context,
  app: App,
  release: Release,
): Pick<Instance, "crashesBefore" | "restartsBefore"> {
  const rows = context.store.instances.ofApp(app.id);
  const endedAt = context.clock.now();
  const runs = rows.map((row) =>
    isSick(context, row) ? { ...row, endedAt, endReason: "unhealthy" as const } : row,
  );
  const last = lastCrash(app, runs);
  if (last === null) return { crashesBefore: 0, restartsBefore: 0 };
  const crashesBefore = crashesInARow(last, release.launch.restart);
  return { crashesBefore, restartsBefore: countRestarts(app, rows) + 1 };
}

const isSick = ({ reconciler }: Context, row: Instance): boolean =>
  row.endedAt === null &&
  (row.stopReason === "unhealthy" || reconciler.health(row.id)?.state === "unhealthy");

function launch(
  { context }: Workshop,
  app: App,
  instance: Instance,
  launch: Launch,
  stored: Promise<void>,
): Promise<Handle> {
  const engine = context.engines[instance.engine];
  if (engine === undefined)
    throw new GantryError("engine-unavailable", {
      engine: instance.engine,
      reason: "it is not part of this version",
    });
  return engine.start({
    instanceId: instance.id,
    argv: launch.argv.map((word) => fillPort(word, instance)),
    cwd: launch.cwd,
    env: prepareEnv(context, app, instance, launch),
    logFile: context.logs.fileOf(app.name, instance.id),
    resources: launch.resources,
    stored,
  });
}

async function succeed(
  { context, health }: Workshop,
  app: App,
  release: Release,
  instance: Instance,
): Promise<void> {
  await context.store.record({ put: { instances: [instance] } });
  context.logs.attach(app.name, instance.id);
  health.watch(app, instance, release);
}

async function fail(
  { context, state }: Workshop,
  app: App,
  instance: Instance,
  message: string,
): Promise<void> {
  const ended: Instance = { ...instance, endedAt: context.clock.now(), endReason: "start-failed", message };
  state.bornAt.delete(instance.id);
  state.lastEndAt.set(app.id, context.clock.monotonic());
  await context.store.record({ put: { instances: [ended] }, events: endEvents(context, app, ended) });
}

const describe = (app: App, release: Release, instance: Instance): string =>
  `starting release ${release.number} of ${app.name}${instance.port === null ? "" : ` on port ${instance.port}`}`;
