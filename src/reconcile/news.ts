// What the health watch found out, written down.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Instance } from "../domain/instance.ts";
import type { Workshop } from "./workshop.ts";

export async function becameReady(
  { context }: Workshop,
  { id: instanceId, host, port }: Instance,
  ignoresPort: boolean | null,
): Promise<void> {
  const row = context.store.instances.get(instanceId);
  const app = row === undefined ? undefined : context.store.apps.get(row.appId);
  if (row === undefined || app === undefined || row.endedAt !== null) return;
  const ready: Instance = { ...row, host, port, readyAt: row.readyAt ?? context.clock.now() };
  const message = ignoresPort
    ? `ready; it listens on ${port} instead of $PORT`
    : port === null
      ? "ready"
      : `ready on port ${port}`;
  await context.store.record({
    put: {
      instances: [ready],
      ...(ignoresPort === null || ignoresPort === app.ignoresPort ? {} : { apps: [{ ...app, ignoresPort }] }),
    },
    events: [{ type: "instance.ready", appId: app.id, actor: "daemon", message, data: { instanceId, port } }],
  });
  context.reconciler.wake(app.id);
  for (const other of dependantsOf(context, app)) context.reconciler.wake(other.id);
}

export async function healthChanged(
  { context }: Workshop,
  instanceId: string,
  healthy: boolean,
  reason: string | null,
): Promise<void> {
  const row = context.store.instances.get(instanceId);
  if (row === undefined || row.endedAt !== null) return;
  const type = healthy ? "instance.healthy" : "instance.unhealthy";
  const message = healthy ? "healthy again" : (reason ?? "unhealthy");
  await context.store.record({
    events: [{ type, appId: row.appId, actor: "daemon", message, data: { instanceId } }],
  });
  context.reconciler.wake(row.appId);
}

/** Apps that wait for this one. */
const dependantsOf = ({ store }: Context, app: App): App[] =>
  [...store.apps.all()].filter(
    (other) => other.deletedAt === null && other.config.dependsOn.includes(app.name),
  );
