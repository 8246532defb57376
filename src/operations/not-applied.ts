// What the owner has changed and what runs does not know yet.
import type { Context } from "../context.ts";
import { type App, type AppConfig, linkedFolder } from "../domain/app.ts";
import { codeOf, type Release } from "../domain/release.ts";
import { appliedValues, changedValues, wantedValues } from "../domain/values.ts";

/** Settings that take effect without a new release. */
export const AT_ONCE: ReadonlySet<string> = new Set(["replicas", "domains", "dependsOn", "watch", "warm"]);

/**
 * Names of settings that changed since the target release was made, and of variables (`env.NAME`) and secrets (`secrets.NAME`)
 * that changed since it became the target. They take effect with the next restart or deploy.
 */
export function notApplied({ store }: Pick<Context, "store">, app: App): string[] {
  const release = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  if (release === undefined) return [];
  return [...changedConfig(app, release), ...changedValues(appliedValues(app, release), wantedValues(app))];
}

/** Are variables and secrets all that was changed? Then nothing is to be built. */
export function onlyValuesChanged(context: Pick<Context, "store">, app: App): boolean {
  const names = notApplied(context, app);
  return names.length > 0 && names.every((name) => /^(env|secrets)\./.test(name));
}

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
  // Hooks are a field that may be absent, on either side.
  ([...new Set([...Object.keys(now), ...Object.keys(then)])] as (keyof AppConfig)[]).filter(
    (key) => key !== "env" && !AT_ONCE.has(key) && JSON.stringify(now[key]) !== JSON.stringify(then[key]),
  );
