// Asks the instances of an app right now.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";

export interface HealthReport {
  healthy: boolean;
  instances: { id: string; healthy: boolean; message: string | null; ms: number }[];
}

/** An app without living instances is not healthy, unless it is static and wanted. */
export async function checkHealth(context: Context, app: App): Promise<HealthReport> {
  const { store, clock } = context;
  const living = store.instances.ofApp(app.id).filter((row) => row.endedAt === null && row.handle !== null);
  const instances = await Promise.all(
    living.map(async (row) => {
      const release = store.releases.get(row.releaseId);
      const before = clock.monotonic();
      const message =
        release === undefined ? "its release is gone" : await context.reconciler.check(app, row, release);
      return {
        id: row.id,
        healthy: message === null,
        message,
        ms: Math.round((clock.monotonic() - before) * 10) / 10,
      };
    }),
  );
  const facts = context.reconciler.facts(app);
  const alive = instances.length > 0 || (facts.isStatic && facts.wanted);
  return { healthy: alive && instances.every((one) => one.healthy), instances };
}
