// Variables and secrets of an app as instances get them: frozen when a release becomes the target, so that a crash changes nothing.
import type { App } from "./app.ts";
import type { Release } from "./release.ts";
import { sealedMark } from "./sealed.ts";

export interface Values {
  env: Record<string, string>;
  /** Sealed. */
  secrets: Record<string, string>;
}

/** As the owner wants them. */
export const wantedValues = ({ config, secrets = {} }: Pick<App, "config" | "secrets">): Values => ({
  env: config.env,
  secrets,
});

/** As instances of the target get them. Older rows do not tell; their release does. */
export const appliedValues = (app: App, target: Release | undefined): Values =>
  app.applied ?? wantedValues(target ?? app);

/** `env.NAME` and `secrets.NAME` of what is in only one of them, or differs. */
export function changedValues(before: Values, after: Values): string[] {
  if (before.env === after.env && before.secrets === after.secrets) return [];
  return [
    ...changed("env", before.env, after.env, (text) => text),
    ...changed("secrets", before.secrets, after.secrets, sealedMark),
  ].sort();
}

function changed(
  kind: string,
  before: Record<string, string>,
  after: Record<string, string>,
  look: (text: string) => string,
): string[] {
  const one = (all: Record<string, string>, name: string) =>
    Object.hasOwn(all, name) ? look(all[name] ?? "") : null;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => one(before, name) !== one(after, name))
    .map((name) => `${kind}.${name}`);
}
