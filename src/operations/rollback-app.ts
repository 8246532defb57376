// Back to an older release: its code, environment and configuration, without building where all of it is still there.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Deployment } from "../domain/deployment.ts";
import { GantryError } from "../domain/errors.ts";
import type { Release } from "../domain/release.ts";
import { goodBefore } from "../domain/retention.ts";

/**
 * `number` null: the release that was good before the present one. Variables and secrets stay as they are now, unless `withEnv`. A
 * stopped app stays stopped unless `start`. Throws `release-missing`, and `release-serving` when it is the target and good.
 */
export async function rollbackApp(
  context: Context,
  app: App,
  number: number | null,
  { withEnv, start = false, message = null }: { withEnv: boolean; start?: boolean; message?: string | null },
  actor: string,
): Promise<Deployment> {
  if (app.deletedAt !== null) throw new GantryError("app-missing", { app: app.name });
  if (start && !app.enabled) throw new GantryError("app-disabled", { app: app.name });
  const release = findRelease(context, app, number);
  if (app.targetReleaseId === release.id && app.goodReleaseId === release.id && !withEnv)
    throw new GantryError("release-serving", { release: release.number, app: app.name });
  return await context.builder.request(app, {
    start: start || app.wanted,
    actor,
    origin: { type: "release", releaseId: release.id, withEnv },
    message,
    sourceText: `release ${release.number}`,
  });
}

/** Throws `release-missing`. */
export function findRelease({ store }: Context, app: App, number: number | null): Release {
  const releases = store.releases.ofApp(app.id);
  const release = number === null ? goodBefore(app, releases) : releases.find((one) => one.number === number);
  if (release !== undefined) return release;
  if (number === null)
    throw new GantryError("release-missing", {
      app: app.name,
      release: "that was good before the present one",
    });
  throw new GantryError("release-missing", { app: app.name, release: number });
}
