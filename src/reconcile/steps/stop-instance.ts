// Ends one instance: wish first, then drain, stop, record. Goes on by itself and wakes the loop when it is done.
import type { App } from "../../domain/app.ts";
import type { EndReason, Instance } from "../../domain/instance.ts";
import type { Workshop } from "../workshop.ts";
import { closeRow } from "./record-end.ts";

/** Requests under way get this long before an instance that was replaced is asked to end. */
const DRAIN_MS = 30_000;
const RETRY_MS = 2_000;

export async function stopInstance(
  shop: Workshop,
  app: App,
  { instanceId, reason }: { instanceId: string; reason: EndReason },
): Promise<void> {
  const { context, state } = shop;
  const row = context.store.instances.get(instanceId);
  if (row === undefined || row.endedAt !== null || state.stopsInFlight.has(instanceId)) return;
  state.stopsInFlight.add(instanceId);
  const stopping: Instance = {
    ...row,
    stopRequestedAt: row.stopRequestedAt ?? context.clock.now(),
    stopReason: row.stopReason ?? reason,
    message:
      row.message ??
      (reason === "unhealthy" ? (context.reconciler.health(instanceId)?.reason ?? null) : null),
  };
  await context.store.record({
    put: { instances: [stopping] },
    events: [
      {
        type: "instance.stopping",
        appId: app.id,
        actor: "daemon",
        message: `stopping (${stopping.stopReason})`,
        data: { instanceId },
      },
    ],
  });
  void carryOut(shop, app, stopping);
}

async function carryOut(shop: Workshop, app: App, instance: Instance): Promise<void> {
  const { context, state } = shop;
  const release = context.store.releases.get(instance.releaseId);
  const engine = context.engines[instance.engine];
  try {
    const rule = release?.launch.stop ?? app.config.stop;
    const spent = await drain(
      shop,
      instance,
      instance.stopReason === "stopped" ? rule.timeoutMs / 2 : DRAIN_MS,
    );
    shop.health.forget(instance.id);
    // Somebody waits for this stop: requests under way and the end of the processes share its time-out.
    const rest = instance.stopReason === "stopped" ? { ...rule, timeoutMs: rule.timeoutMs - spent } : rule;
    const report =
      instance.handle === null ? undefined : await engine?.stop(instance.id, instance.handle, rest);
    await closeRow(
      shop,
      app,
      instance,
      report?.exit ?? null,
      report?.killed ? "did not end in time and was killed" : null,
    );
  } catch (error) {
    context.log.error("an instance could not be stopped", {
      app: app.name,
      instanceId: instance.id,
      error: String(error),
    });
    context.clock.after(RETRY_MS, () => context.reconciler.wake(app.id));
  } finally {
    state.stopsInFlight.delete(instance.id);
    context.reconciler.wake(app.id);
  }
}

/** Lets requests under way come to their end; returns how long that took, in ms. */
async function drain({ context }: Workshop, instance: Instance, limitMs: number): Promise<number> {
  if (instance.port === null || instance.readyAt === null || instance.stopReason === "unhealthy") return 0;
  const before = context.clock.monotonic();
  await context.edge.drain(instance.id, limitMs);
  return Math.min(limitMs, context.clock.monotonic() - before);
}
