// Stable addresses of apps that others depend on: loopback ports of the edge that forward to whoever serves.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Forward } from "../domain/route.ts";
import { allocatePort } from "./allocate-port.ts";
import type { WorkingState } from "./working-state.ts";

const metaKey = (app: App): string => `forward:${app.id}`;

/** The port under which dependants reach the app; null where it has none yet. */
export function forwardPort(context: Context, app: App): number | null {
  const stored = context.store.getMeta(metaKey(app));
  return stored === undefined ? null : Number(stored);
}

/** Gives each dependency of the app its port, once and for good; true when one was given. */
export async function assignForwardPorts(context: Context, state: WorkingState, app: App): Promise<boolean> {
  let assigned = false;
  for (const name of app.config.dependsOn) {
    const other = context.store.apps.byName(name);
    if (other === undefined || forwardPort(context, other) !== null) continue;
    const { port, release } = await allocatePort(context, state);
    await context.store.setMeta(metaKey(other), String(port)).finally(release);
    assigned = true;
  }
  return assigned;
}

/** Speaks the app HTTP? Then it is forwarded request by request, which survives its restarts unseen. */
export function isHttp(context: Context, app: App): boolean {
  const release = app.targetReleaseId === null ? undefined : context.store.releases.get(app.targetReleaseId);
  if (release === undefined) return app.config.health?.check?.type === "http";
  const { launch } = release;
  return launch.staticRoot !== null || launch.framework !== null || launch.health.check.type === "http";
}

/** The forwards of all apps that someone depends on. */
export function listForwards(context: Context): Forward[] {
  const needed = new Set<string>();
  for (const app of context.store.apps.all())
    if (app.deletedAt === null) for (const name of app.config.dependsOn) needed.add(name);
  const forwards: Forward[] = [];
  for (const name of needed) {
    const app = context.store.apps.byName(name);
    const port = app === undefined ? null : forwardPort(context, app);
    if (app !== undefined && port !== null)
      forwards.push({ port, app: name, mode: isHttp(context, app) ? "http" : "tcp" });
  }
  return forwards;
}
