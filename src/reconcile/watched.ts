// One instance that is watched, and what is told of it.
import type { InstanceHealth } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Engine } from "../domain/engine.ts";
import type { Handle, Instance } from "../domain/instance.ts";
import type { Release } from "../domain/release.ts";

/** One watched instance. */
export interface Watched {
  app: App;
  instance: Instance & { handle: Handle };
  release: Release;
  engine: Engine;
  health: InstanceHealth;
  failures: number;
  startedAt: number;
  /** What it was given; it may listen elsewhere. */
  given: Pick<Instance, "host" | "port">;
  /** The one other address that it listens on, and since when. */
  other: { host: string; port: number; since: number } | null;
  cancel: () => void;
  delays: Generator<number>;
  rareLooks: Generator<number>;
  nextSurveyAt: number;
  /** Somebody else listens on its port. */
  isForeign: boolean;
  /** The next look is not before this. */
  slowDownMs: number;
  /** An instance that served on a port is to give way to it: it must listen, too. */
  succeedsListener: boolean;
  busy: AbortController | null;
}

/** Tells the loop what changed: became ready (on which address), or healthy/unhealthy with a reason. */
export interface HealthNews {
  /** `ignoresPort` is null where it listens nowhere: it shows nothing. */
  ready(instance: Instance, ignoresPort: boolean | null): void;
  changed(instanceId: string, healthy: boolean, reason: string | null): void;
}

/** A process without a port counts as started when it has lived this long. */
export const SETTLE_MS = 250;

/** Null where there is nothing to look at: a process without port or command is watched by its end alone. */
export function nextLook(entry: Watched): number | null {
  const { launch } = entry.release;
  if (launch.listens === "optional" && !entry.health.listening) return entry.rareLooks.next().value ?? 30_000;
  return launch.health.check.type === "none" ? null : launch.health.intervalMs;
}
