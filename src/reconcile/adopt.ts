// After a restart of the daemon: finds every instance again by its verified identity.
import type { Context } from "../context.ts";
import type { EngineName } from "../domain/app.ts";
import type { Engine } from "../domain/engine.ts";
import type { Handle, Instance } from "../domain/instance.ts";
import type { Workshop } from "./workshop.ts";

export async function adoptInstances(shop: Workshop): Promise<void> {
  for (const [name, engine] of Object.entries(shop.context.engines))
    await adoptFrom(shop, name as EngineName, engine);
}

async function adoptFrom(shop: Workshop, name: EngineName, engine: Engine): Promise<void> {
  const { context } = shop;
  const rows = [...context.store.instances.all()].filter(
    (row) => row.endedAt === null && row.engine === name,
  );
  const executions = [...context.store.executions.running()].filter((row) => row.engine === name);
  const { alive, orphans } = await engine.adopt(
    [...rows, ...executions].map((row) => ({ instanceId: row.id, handle: row.handle })),
  );
  // Side by side: they share transactions then.
  await Promise.all(
    rows.map(async (row) => {
      const handle = alive.get(row.id);
      if (handle !== undefined) await takeUp(shop, { ...row, handle });
    }),
  );
  await context.executions.adopt(executions, alive);
  await Promise.all(
    [...orphans].map(([instanceId, handle]) => endOrphan(context, engine, instanceId, handle)),
  );
  restoreRoutes(
    shop,
    rows.filter((row) => alive.has(row.id)),
  );
}

/** An instance that no row knows: the database is an older copy. What can't be ended must not keep the others waiting. */
async function endOrphan(
  context: Context,
  engine: Engine,
  instanceId: string,
  handle: Handle,
): Promise<void> {
  context.log.warn("an instance that no row knows is stopped", { instanceId });
  try {
    await engine.stop(instanceId, handle, { signal: "TERM", timeoutMs: 5_000 });
    await engine.remove(instanceId, handle);
  } catch (error) {
    context.log.error("an instance that no row knows could not be stopped", {
      instanceId,
      error: String(error),
    });
  }
}

async function takeUp({ context, health }: Workshop, row: Instance): Promise<void> {
  const app = context.store.apps.get(row.appId);
  const release = context.store.releases.get(row.releaseId);
  await context.store.record({
    put: { instances: [row] },
    events: [
      {
        type: "instance.adopted",
        appId: row.appId,
        actor: "daemon",
        message: "found again",
        data: { instanceId: row.id },
      },
    ],
  });
  if (app === undefined || release === undefined) return;
  context.logs.attach(app.name, row.id);
  if (row.stopRequestedAt === null) health.watch(app, row, release);
}

/** Routed again is who was ready; where two generations live, the newer one, so that no answer's version goes back. */
function restoreRoutes({ context, state }: Workshop, rows: Instance[]): void {
  for (const app of context.store.apps.all()) {
    const ready = rows.filter(
      (row) =>
        row.appId === app.id && row.readyAt !== null && row.stopRequestedAt === null && row.port !== null,
    );
    const current = ready.filter(
      (row) => row.generation === app.generation && row.releaseId === app.targetReleaseId,
    );
    const serving = current.length > 0 ? current : ready;
    if (serving.length > 0) state.routed.set(app.id, new Set(serving.map((row) => row.id)));
  }
}
