// PUT as a patch: everything that is not given goes back to its default.
import type { AppConfig } from "../domain/app.ts";
import { type ConfigDefaults, type ConfigPatch, defaultConfig, mergeConfig } from "../domain/config-patch.ts";

/** The patch that turns `current` into the defaults with `given` over them. */
export function replacingConfig(
  given: ConfigPatch,
  current: AppConfig,
  defaults: ConfigDefaults,
): ConfigPatch {
  const wanted = mergeConfig(defaultConfig(defaults), given, defaults);
  const removed = Object.fromEntries(Object.keys(current.env).map((name) => [name, null]));
  return { ...wanted, env: { ...removed, ...wanted.env } };
}
