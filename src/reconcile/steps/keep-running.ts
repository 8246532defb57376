// The hook before a stop has failed: the app is wanted again, and goes on as it is.
import type { App } from "../../domain/app.ts";
import type { Workshop } from "../workshop.ts";
import { writeSurely } from "../write-surely.ts";

export async function keepRunning({ context }: Workshop, app: App): Promise<void> {
  const { store, clock } = context;
  await writeSurely(context, () => {
    const now = store.apps.get(app.id);
    const run = store.executions.lastHooks(app.id).get("pre_stop");
    // Somebody may have forced the stop, or have asked for a start, while this write waited.
    const isOver = run === undefined || run.spent || run.state === "skipped" || run.state === "running";
    if (now === undefined || isOver || now.generation !== app.generation) return {};
    if (now.wanted && now.enabled) return {};
    const kept: App = {
      ...now,
      wanted: true,
      enabled: true,
      updatedAt: Math.max(clock.now(), now.updatedAt + 1),
    };
    const message = `${now.name} goes on: pre_stop ${run.reason ?? "failed"}`;
    return {
      put: { apps: [kept], executions: [{ ...run, spent: true }] },
      events: [{ type: "app.kept", appId: app.id, actor: "daemon", message, data: { executionId: run.id } }],
    };
  });
}
