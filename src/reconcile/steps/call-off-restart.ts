// A hook before the start has failed while the generation before still serves: that one is wanted again.
import { type App, hasSameAim } from "../../domain/app.ts";
import { failedStart } from "../../domain/hook.ts";
import type { Workshop } from "../workshop.ts";
import { writeSurely } from "../write-surely.ts";

export async function callOffRestart({ context }: Workshop, app: App): Promise<void> {
  const { store, clock, reconciler } = context;
  await writeSurely(context, () => {
    const now = store.apps.get(app.id);
    if (now === undefined || !hasSameAim(now, app)) return {};
    const hook = failedStart(reconciler.facts(now).hooks);
    const run = hook === undefined ? undefined : store.executions.lastHooks(app.id).get(hook);
    const before = store.instances
      .ofApp(app.id)
      .filter((row) => row.endedAt === null && row.readyAt !== null && row.stopRequestedAt === null)
      .filter((row) => row.releaseId === now.targetReleaseId && row.generation < now.generation);
    if (run === undefined || before.length === 0) return {};
    const generation = Math.max(...before.map((row) => row.generation));
    const updatedAt = Math.max(clock.now(), now.updatedAt + 1);
    const message = `${now.name} goes on as it was: ${run.name} ${run.reason ?? "failed"}`;
    return {
      put: { apps: [{ ...now, generation, updatedAt }], executions: [{ ...run, spent: true }] },
      events: [{ type: "app.kept", appId: app.id, actor: "daemon", message, data: { executionId: run.id } }],
    };
  });
}
