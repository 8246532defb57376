// gantry.yaml: one app at the top level, or several under `apps:`.
import type { AppConfig } from "./app.ts";
import type { AppDraft } from "./app-draft.ts";
import {
  type AppPatch,
  type ConfigDefaults,
  type ConfigPatch,
  defaultConfig,
  mergeConfig,
} from "./config-patch.ts";
import { readApp } from "./manifest-app.ts";
import { checkDependencies } from "./manifest-dependencies.ts";
import { at, type Input, type Mapping, type Place, refuse } from "./manifest-input.ts";
import { ALL_KEYS } from "./manifest-keys.ts";
import { mapping, type Reading, unknownKey } from "./manifest-read.ts";
import { parseYaml } from "./manifest-yaml.ts";
import { checkAppName } from "./name.ts";

export interface ManifestOptions extends ConfigDefaults {
  /** Suffix of app names (GANTRY_DOMAIN); default `localhost`. */
  domain?: string;
  /** Names of apps that exist already and may be depended on; the manifest's own apps always may. */
  known?: Iterable<string>;
}

/**
 * Reads a manifest. The first problem is thrown: `invalid-manifest` with file:line:column, what is wrong and a suggestion, or
 * `not-built` for keys of later versions. Keys beginning with `x-` at the top are free for anchors.
 */
export function parseManifest(text: string, file: string, options: ManifestOptions): AppDraft[] {
  const top = mapping(parseYaml(text, file), "settings");
  const entries = top.entries.filter(({ key }) => !key.startsWith("x-"));
  const apps = entries.find(({ key }) => key === "apps");
  const drafts =
    apps === undefined
      ? [toDraft({ ...top, entries }, null, top.place, options)]
      : severalApps(apps.value, entries, options);
  checkDependencies(drafts, options.known ?? []);
  return drafts;
}

function severalApps(apps: Input, entries: Mapping["entries"], options: ManifestOptions): AppDraft[] {
  const other = entries.find(({ key }) => key !== "apps");
  if (other && ALL_KEYS.includes(other.key))
    throw refuse(other.keyPlace, `${other.key} stands beside apps`, "Move it into one of the apps.");
  if (other) throw unknownKey(other.keyPlace, other.key, ["apps"]);
  const list = mapping(apps, "app names").entries;
  if (list.length === 0) throw refuse(apps.place, "it names no app");
  return list.map(({ key, keyPlace, value }) => {
    const name = at(keyPlace, () => checkAppName(key));
    return toDraft(emptyIsFine(value), name, keyPlace, options);
  });
}

/** `notes:` alone is an app with nothing said. */
const emptyIsFine = (value: Input): Input =>
  value.type === "scalar" && value.kind === "null" ? { type: "map", entries: [], place: value.place } : value;

function toDraft(input: Input, key: string | null, place: Place, options: ManifestOptions): AppDraft {
  const reading: Reading = { domain: options.domain ?? "localhost" };
  const patch = readApp(input, reading);
  if (key !== null && patch.name !== undefined && patch.name !== key)
    throw refuse(place, `the app ${key} calls itself ${patch.name}`, "Leave name out.");
  return draftFromPatch(patch, key, { file: place.file ?? "", line: place.line ?? 1 }, options);
}

/** A draft of what a patch says. */
export function draftFromPatch(
  patch: AppPatch,
  name: string | null,
  where: { file: string; line: number },
  defaults: ConfigDefaults,
): AppDraft {
  return {
    name: name ?? patch.name ?? null,
    path: patch.path ?? ".",
    config: partialConfig(patch.config, defaults),
    engine: patch.engine ?? "process",
    enabled: patch.enabled ?? null,
    ...where,
  };
}

/** The fields that `patch` sets, with complete sections. */
export function partialConfig(patch: ConfigPatch, defaults: ConfigDefaults): Partial<AppConfig> {
  const full = mergeConfig(defaultConfig(defaults), patch, defaults);
  const said = Object.entries(patch).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(said.map(([key]) => [key, full[key as keyof AppConfig]])) as Partial<AppConfig>;
}
