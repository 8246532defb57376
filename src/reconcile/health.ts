// Watches living instances: from the start until they are ready, then at their interval. Facts only; the planner decides.
import type { Context, InstanceHealth } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Engine } from "../domain/engine.ts";
import type { Handle, Instance } from "../domain/instance.ts";
import type { Release } from "../domain/release.ts";
import { check, takesConnections } from "./check.ts";
import { fastPolls, rarePolls } from "./poll-delays.ts";

/** A process without a port counts as started when it has lived this long. */
const SETTLE_MS = 250;
/** An app that ignores $PORT is believed to do so when its other port was seen for this long. */
const OTHER_PORT_MS = 300;

/** So long to wait after a check that was answered badly, and after a look at a port that a stranger holds: it is dear. */
const AFTER_PROBLEM_MS = 100;
const FOREIGN_MS = 250;
/** A stranger on an automatic port is believed to stay after this. */
const PORT_LOST_MS = 2_000;
/** Adopted instances are not all asked at once. */
const SPREAD_MS = 5_000;

/** One watched instance. */
interface Watched {
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
  busy: AbortController | null;
}

export interface HealthWatch {
  /** Begins to watch; `instance.readyAt` tells whether it was ready before (adopted). */
  watch(app: App, instance: Instance, release: Release): void;
  forget(instanceId: string): void;
  get(instanceId: string): InstanceHealth | undefined;
  close(): void;
}

/** Tells the loop what changed: became ready (on which address), or healthy/unhealthy with a reason. */
export interface HealthNews {
  ready(instance: Instance, ignoresPort: boolean): void;
  changed(instanceId: string, healthy: boolean, reason: string | null): void;
}

export function createHealthWatch(context: () => Context, news: HealthNews): HealthWatch {
  const watched = new Map<string, Watched>();
  const later = (entry: Watched, ms: number): void => {
    entry.cancel = context().clock.after(ms, () => void step(entry));
  };

  const step = async (entry: Watched): Promise<void> => {
    if (watched.get(entry.instance.id) !== entry) return;
    entry.busy = new AbortController();
    const delay =
      entry.health.state === "starting"
        ? await whileStarting(context(), entry, news)
        : await whileRunning(context(), entry, news);
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
    },
    get: (instanceId) => watched.get(instanceId)?.health,
    close() {
      for (const id of [...watched.keys()]) this.forget(id);
    },
  };
}

const firstLook = (entry: Watched): number => (entry.release.launch.listens === "required" ? 5 : SETTLE_MS);

const ownPort = ({ instance, engine }: Watched): boolean =>
  instance.port !== null &&
  engine.portOwner(instance.id, instance.handle, instance.host, instance.port) === "own";

/** One look at a starting instance; the delay until the next one. */
async function whileStarting(context: Context, entry: Watched, news: HealthNews): Promise<number | null> {
  const { launch } = entry.release;
  const age = context.clock.monotonic() - entry.startedAt;
  const listening = launch.listens !== "none" && (await findListening(context, entry));
  if (listening) {
    const problem = await check(context, entry.app, entry.instance, launch, entry.busy?.signal);
    if (problem === null) return becomeReady(context, entry, news, true);
    entry.health.reason = problem;
    entry.slowDownMs = AFTER_PROBLEM_MS;
  } else if (launch.listens !== "required" && age >= SETTLE_MS) {
    const problem =
      launch.health.check.type === "command"
        ? await check(context, entry.app, entry.instance, launch, entry.busy?.signal)
        : null;
    if (problem === null) return becomeReady(context, entry, news, false);
    entry.health.reason = problem;
  }
  if (age >= launch.health.startPeriodMs || lostItsPort(entry, age)) {
    const reason = whyNotReady(entry, listening);
    entry.health = { ...entry.health, state: "unhealthy", reason, since: context.clock.monotonic() };
    news.changed(entry.instance.id, false, reason);
    return launch.health.intervalMs;
  }
  const delay = Math.max(entry.delays.next().value, entry.slowDownMs);
  entry.slowDownMs = 0;
  return delay;
}

/** Another program has the port that was free a moment ago; with an automatic one the next try gets another. */
const lostItsPort = (entry: Watched, age: number): boolean =>
  entry.isForeign && entry.release.launch.port === null && age >= PORT_LOST_MS;

function becomeReady(context: Context, entry: Watched, news: HealthNews, listening: boolean): number | null {
  entry.health = { state: "healthy", reason: null, since: context.clock.monotonic(), listening };
  entry.failures = 0;
  news.ready(entry.instance, listening && ignoresPort(entry));
  return nextLook(entry);
}

const ignoresPort = ({ instance, given }: Watched): boolean => instance.port !== given.port;

/** Null where there is nothing to look at: a process without port or command is watched by its end alone. */
function nextLook(entry: Watched): number | null {
  const { launch } = entry.release;
  if (launch.listens === "optional" && !entry.health.listening) return entry.rareLooks.next().value ?? 30_000;
  return launch.health.check.type === "none" ? null : launch.health.intervalMs;
}

/**
 * Does the instance listen? Connecting is cheap and says whether anybody does; only then the kernel is asked who. Now and
 * then the instance's other ports are looked at.
 */
async function findListening(context: Context, entry: Watched): Promise<boolean> {
  const { host, port } = entry.instance;
  const isOpen = port !== null && (await takesConnections(host, port));
  if (isOpen && ownPort(entry)) return true;
  entry.isForeign = isOpen;
  if (isOpen) entry.slowDownMs = FOREIGN_MS;
  const now = context.clock.monotonic();
  if (now < entry.nextSurveyAt) return false;
  entry.nextSurveyAt = now + Math.max(OTHER_PORT_MS, (now - entry.startedAt) / 4);
  return !isOpen && adoptOtherAddress(context, entry);
}

/** An app that listens on exactly one port of its own choice, or on ::1 alone, is taken at its word. */
function adoptOtherAddress(context: Context, entry: Watched): boolean {
  const found = otherAddress(entry);
  const now = context.clock.monotonic();
  if (found === null || found.host !== entry.other?.host || found.port !== entry.other.port)
    entry.other = found === null ? null : { ...found, since: now };
  if (entry.other === null || now - entry.other.since < OTHER_PORT_MS) return false;
  entry.instance = { ...entry.instance, host: entry.other.host, port: entry.other.port };
  return true;
}

/** Where else the instance listens; the port that it was given comes first. */
function otherAddress({ engine, instance, release, given }: Watched): { host: string; port: number } | null {
  const { id, handle } = instance;
  const ports = engine.listeningPorts(id, handle);
  const [first] = ports;
  const chosen = release.launch.port === null && ports.length === 1 ? first : undefined;
  const port = given.port !== null && ports.includes(given.port) ? given.port : chosen;
  if (port === undefined) return null;
  const host = [given.host, "::1"].find((one) => engine.portOwner(id, handle, one, port) === "own");
  return host === undefined || (host === given.host && port === given.port) ? null : { host, port };
}

function whyNotReady(entry: Watched, listening: boolean): string {
  const { launch } = entry.release;
  const seconds = `within ${launch.health.startPeriodMs / 1000} s`;
  if (listening) return `did not pass its health check ${seconds}: ${entry.health.reason ?? "no answer"}`;
  if (launch.listens !== "required")
    return `did not pass its health check ${seconds}: ${entry.health.reason}`;
  const { id, handle, host, port } = entry.instance;
  if (port !== null && entry.engine.portOwner(id, handle, host, port) === "stranger")
    return `its port ${port} is held by another program`;
  const ports = entry.engine.listeningPorts(id, handle);
  const instead = ports.length > 0 ? `; it listens on ${ports.join(", ")} instead` : "";
  return `did not open port ${port} ${seconds}${instead}`;
}

/** One look at a running instance. */
async function whileRunning(context: Context, entry: Watched, news: HealthNews): Promise<number | null> {
  const { launch } = entry.release;
  if (launch.listens === "optional" && !entry.health.listening && (await findListening(context, entry))) {
    entry.health = { ...entry.health, listening: true };
    news.ready(entry.instance, ignoresPort(entry));
  }
  const problem = await check(context, entry.app, entry.instance, launch, entry.busy?.signal);
  if (entry.busy?.signal.aborted) return null;
  if (problem === null) recover(context, entry, news);
  else worsen(context, entry, news, problem);
  return nextLook(entry);
}

function recover(context: Context, entry: Watched, news: HealthNews): void {
  entry.failures = 0;
  if (entry.health.state === "healthy") return;
  entry.health = { ...entry.health, state: "healthy", reason: null, since: context.clock.monotonic() };
  news.changed(entry.instance.id, true, null);
}

function worsen(context: Context, entry: Watched, news: HealthNews, problem: string): void {
  entry.failures++;
  if (entry.failures < entry.release.launch.health.retries || entry.health.state === "unhealthy") return;
  entry.health = { ...entry.health, state: "unhealthy", reason: problem, since: context.clock.monotonic() };
  news.changed(entry.instance.id, false, problem);
}
