// Watches living instances: from the start until they are ready, then at their interval. Facts only; the planner decides.
import type { Context, InstanceHealth } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Instance } from "../domain/instance.ts";
import type { Release } from "../domain/release.ts";
import { OTHER_PORT_MS, ownPort } from "./find-listening.ts";
import { lookAtRunning } from "./look-at-running.ts";
import { lookAtStarting } from "./look-at-starting.ts";
import { fastPolls, rarePolls } from "./poll-delays.ts";
import { type HealthNews, SETTLE_MS, type Watched } from "./watched.ts";

/** Adopted instances are not all asked at once. */
const SPREAD_MS = 5_000;

export interface HealthWatch {
  /** Begins to watch; `instance.readyAt` tells whether it was ready before (adopted). */
  watch(app: App, instance: Instance, release: Release): void;
  forget(instanceId: string): void;
  get(instanceId: string): InstanceHealth | undefined;
  close(): void;
}

export function createHealthWatch(context: () => Context, news: HealthNews): HealthWatch {
  const watched = new Map<string, Watched>();
  const lastOnes = createLastOnes();
  const later = (entry: Watched, ms: number): void => {
    entry.cancel = context().clock.after(ms, () => void step(entry));
  };

  const step = async (entry: Watched): Promise<void> => {
    if (watched.get(entry.instance.id) !== entry) return;
    entry.busy = new AbortController();
    const delay =
      entry.health.state === "starting"
        ? await lookAtStarting(context(), entry, news)
        : await lookAtRunning(context(), entry, news);
    entry.busy = null;
    if (delay !== null && watched.get(entry.instance.id) === entry) later(entry, delay);
  };

  return {
    watch(app, instance, release) {
      const engine = context().engines[instance.engine];
      if (engine === undefined || instance.handle === null || watched.has(instance.id)) return;
      const now = context().clock.monotonic();
      const ready = instance.readyAt !== null;
      const entry: Watched = {
        app,
        instance: { ...instance, handle: instance.handle },
        release,
        engine,
        health: { state: ready ? "healthy" : "starting", reason: null, since: now, listening: false },
        failures: 0,
        startedAt: now,
        given: { host: instance.host, port: instance.port },
        other: null,
        cancel: () => {},
        delays: fastPolls(),
        rareLooks: rarePolls(),
        nextSurveyAt: now + OTHER_PORT_MS,
        isForeign: false,
        slowDownMs: 0,
        succeedsListener: lastOnes.listened(app, instance, watched),
        busy: null,
      };
      watched.set(instance.id, entry);
      if (ready) entry.health.listening = ownPort(entry);
      later(entry, ready ? 50 + Math.random() * SPREAD_MS : firstLook(entry));
    },
    forget(instanceId) {
      const entry = watched.get(instanceId);
      watched.delete(instanceId);
      entry?.cancel();
      entry?.busy?.abort();
      if (entry !== undefined) lastOnes.forgot(entry);
    },
    get: (instanceId) => watched.get(instanceId)?.health,
    close() {
      for (const id of [...watched.keys()]) this.forget(id);
    },
  };
}

/** Knows whether what an instance succeeds was a server. */
function createLastOnes() {
  /** Apps whose last instance listened when it went. */
  const listened = new Set<string>();
  return {
    /** Where the one before had to go first, this counts for a release on trial: a good one may start as it can. */
    listened: (app: App, { releaseId }: Instance, watched: ReadonlyMap<string, Watched>): boolean =>
      [...watched.values()].some((other) => other.app.id === app.id && other.health.listening) ||
      (listened.has(app.id) && app.goodReleaseId !== null && app.goodReleaseId !== releaseId),
    forgot({ app, health }: Watched): void {
      if (health.listening) listened.add(app.id);
      else if (health.state === "healthy") listened.delete(app.id);
    },
  };
}

const firstLook = (entry: Watched): number => (entry.release.launch.listens === "required" ? 5 : SETTLE_MS);
