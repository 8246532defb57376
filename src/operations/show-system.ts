// Gantry itself, as it is now.
import type { Context } from "../context.ts";
import type { AppState } from "../domain/state.ts";
import { listApps } from "./find-app.ts";
import { showApp } from "./show-app.ts";

export interface SystemView {
  version: string;
  pid: number;
  startedAt: string;
  home: string;
  memoryBytes: number;
  apps: { total: number; byState: Partial<Record<AppState, number>> };
  edge: { connected: boolean; version: number | null; connections: number; port: number };
  engines: { name: string; available: boolean; tier: string; reason: string | null }[];
  store: { ok: boolean; reason: string | null; pending: number };
}

export async function showSystem(context: Context): Promise<SystemView> {
  const { settings, store, edge } = context;
  const engines = await Promise.all(
    Object.values(context.engines).map(async (engine) => {
      const { available, tier, reason } = await engine.probe();
      return { name: engine.name, available, tier, reason: reason ?? null };
    }),
  );
  return {
    version: context.version,
    pid: process.pid,
    startedAt: new Date(context.clock.now() - process.uptime() * 1000).toISOString(),
    home: settings.home,
    memoryBytes: process.memoryUsage.rss(),
    apps: countStates(context),
    edge: { ...edge.status(), port: settings.httpPort },
    engines,
    store: store.health(),
  };
}

function countStates(context: Context): SystemView["apps"] {
  const apps = listApps(context);
  const byState: Partial<Record<AppState, number>> = {};
  for (const app of apps) {
    const { state } = showApp(context, app);
    byState[state] = (byState[state] ?? 0) + 1;
  }
  return { total: apps.length, byState };
}
