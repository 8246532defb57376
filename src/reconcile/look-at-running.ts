// One look at an instance that is or was ready.
import type { Context } from "../context.ts";
import { check } from "./check.ts";
import { findListening, ignoresPort } from "./find-listening.ts";
import { type HealthNews, nextLook, type Watched } from "./watched.ts";

/** Tells when it gets worse or better. The delay until the next look; null for none. */
export async function lookAtRunning(
  context: Context,
  entry: Watched,
  news: HealthNews,
): Promise<number | null> {
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
