// One look at an instance that is not ready yet.
import type { Context } from "../context.ts";
import { check } from "./check.ts";
import { findListening, ignoresPort } from "./find-listening.ts";
import { type HealthNews, nextLook, SETTLE_MS, type Watched } from "./watched.ts";

/** So long to wait after a check that was answered badly. */
const AFTER_PROBLEM_MS = 100;
/** A stranger on an automatic port is believed to stay after this. */
const PORT_LOST_MS = 2_000;

/** Tells when it is ready, or will not be. The delay until the next look; null for none. */
export async function lookAtStarting(
  context: Context,
  entry: Watched,
  news: HealthNews,
): Promise<number | null> {
  const { launch } = entry.release;
  const age = context.clock.monotonic() - entry.startedAt;
  const mayListen = launch.listens !== "none" || mustListen(entry);
  const listening = mayListen && (await findListening(context, entry));
  if (listening) {
    const problem = await check(context, entry.app, entry.instance, launch, entry.busy?.signal);
    if (problem === null) return becomeReady(context, entry, news, true);
    entry.health.reason = problem;
    entry.slowDownMs = AFTER_PROBLEM_MS;
  } else if (!mustListen(entry) && age >= SETTLE_MS) {
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

/** A server that is slow or broken must not pass for a program without a port, and end what serves; unless its owner says so. */
const mustListen = ({ app, release, succeedsListener }: Watched): boolean =>
  release.launch.listens === "required" || (succeedsListener && app.config.port !== "none");

/** Another program has the port that was free a moment ago; with an automatic one the next try gets another. */
const lostItsPort = (entry: Watched, age: number): boolean =>
  entry.isForeign && entry.release.launch.port === null && age >= PORT_LOST_MS;

function becomeReady(context: Context, entry: Watched, news: HealthNews, listening: boolean): number | null {
  entry.health = { state: "healthy", reason: null, since: context.clock.monotonic(), listening };
  entry.failures = 0;
  news.ready(entry.instance, listening ? ignoresPort(entry) : null);
  return nextLook(entry);
}

function whyNotReady(entry: Watched, listening: boolean): string {
  const { launch } = entry.release;
  const seconds = `within ${launch.health.startPeriodMs / 1000} s`;
  if (listening) return `did not pass its health check ${seconds}: ${entry.health.reason ?? "no answer"}`;
  if (!mustListen(entry)) return `did not pass its health check ${seconds}: ${entry.health.reason}`;
  const { id, handle, host, port } = entry.instance;
  if (port !== null && entry.engine.portOwner(id, handle, host, port) === "stranger")
    return `its port ${port} is held by another program`;
  const ports = entry.engine.listeningPorts(id, handle);
  const instead = ports.length > 0 ? `; it listens on ${ports.join(", ")} instead` : "";
  const before = launch.listens === "required" ? "" : ", as the instance before it had";
  return `did not open ${port === null ? "a port" : `port ${port}`} ${seconds}${before}${instead}`;
}
