// What the owner has changed and what runs does not know yet.
import type { Context } from "../context.ts";
import { type App, type AppConfig, linkedFolder } from "../domain/app.ts";
import type { Instance } from "../domain/instance.ts";
import { codeOf, type Release } from "../domain/release.ts";
import { changedSettings, settingMarks } from "../domain/setting-marks.ts";

/** Settings that take effect without a new release. */
export const AT_ONCE: ReadonlySet<string> = new Set(["replicas", "domains", "dependsOn", "watch"]);

/**
 * Names of settings that changed since the target release was made, and of variables (`env.NAME`) and secrets (`secrets.NAME`)
 * that changed since the instances were started. They take effect with the next restart.
 */
export function notApplied(context: Context, app: App): string[] {
  const release = targetOf(context, app);
  if (release === undefined) return [];
  return [...changedConfig(app, release), ...changedValues(context, app, release)];
}

/** What the target release does not have: names as above. Where these are variables and secrets alone, nothing is to be built. */
export function notReleased(context: Context, app: App): string[] {
  const release = targetOf(context, app);
  if (release === undefined) return [];
  return [...changedConfig(app, release), ...changedSettings(settingMarks(release), settingMarks(app))];
}

/** Is it the name of a variable or a secret? */
export const isValue = (name: string): boolean => /^(env|secrets)\./.test(name);

const targetOf = ({ store }: Context, app: App): Release | undefined =>
  app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);

/** Rows are never changed in place: of the same two configurations the answer is the same. */
const compared = new WeakMap<AppConfig, { with: AppConfig; changed: string[] }>();

function changedConfig(app: App, release: Release): string[] {
  const before = compared.get(app.config);
  const changed = before?.with === release.config ? before.changed : compare(app.config, release.config);
  compared.set(app.config, { with: release.config, changed });
  const moved = codeOf(release).type === "live" && release.launch.cwd !== linkedFolder(app);
  return moved ? [...changed, "path"] : changed;
}

const compare = (now: AppConfig, then: AppConfig): string[] =>
  (Object.keys(now) as (keyof AppConfig)[]).filter(
    (key) => key !== "env" && !AT_ONCE.has(key) && JSON.stringify(now[key]) !== JSON.stringify(then[key]),
  );

/** Compared with what the living instances got; where none lives, with the release. */
function changedValues({ store }: Context, app: App, release: Release): string[] {
  const living = store.instances
    .ofApp(app.id)
    .filter((row) => row.endedAt === null && row.stopRequestedAt === null);
  const wanted = settingMarks(app);
  if (living.length === 0) return changedSettings(settingMarks(release), wanted);
  const changed = living.flatMap((row) => changedSettings(givenTo({ store }, row), wanted));
  return [...new Set(changed)].sort();
}

/** Older rows do not tell; their release does. */
function givenTo({ store }: Pick<Context, "store">, row: Instance): Record<string, string> {
  const release = store.releases.get(row.releaseId);
  return row.given ?? (release === undefined ? {} : settingMarks(release));
}
