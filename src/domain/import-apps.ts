// Apps described in the files of other programs: chooses the format by the file's name and content.

import type { AppDraft } from "./app-draft.ts";
import { GantryError } from "./errors.ts";
import { readAppsYaml } from "./import-apps-yaml.ts";
import { readCompose } from "./import-compose.ts";
import { readPm2 } from "./import-pm2.ts";
import { readProcfile } from "./import-procfile.ts";
import { readSupervisord } from "./import-supervisord.ts";
import type { Imported } from "./imported.ts";
import { draftFromPatch, type ManifestOptions, parseManifest } from "./manifest.ts";
import { readApp } from "./manifest-app.ts";
import { at, type Place, refuse } from "./manifest-input.ts";
import { inputFromJson } from "./manifest-json.ts";
import { parseYaml } from "./manifest-yaml.ts";
import { checkAppName, nameFromFolder } from "./name.ts";
import { shown } from "./shown.ts";

export interface ImportResult {
  drafts: AppDraft[];
  warnings: string[];
}

type Format = "manifest" | "apps-yaml" | "procfile" | "pm2" | "supervisord" | "compose";

const READERS: Record<Exclude<Format, "manifest">, (text: string, file: string) => Imported> = {
  "apps-yaml": readAppsYaml,
  procfile: readProcfile,
  pm2: readPm2,
  supervisord: readSupervisord,
  compose: readCompose,
};

/**
 * Reads gantry.yaml, apps.yaml, Procfile, PM2's ecosystem file (JSON or JavaScript, never executed), supervisord's configuration
 * and compose files. Throws `invalid-manifest` for what can't be read; what Gantry can't do becomes a warning.
 */
export function importApps(text: string, file: string, options: ManifestOptions): ImportResult {
  const format = formatOf(text, file);
  if (format === "manifest") return { drafts: parseManifest(text, file, options), warnings: [] };
  if (text.length > 1024 * 1024) throw refuse({ field: "", file }, "it is larger than 1 MB");
  const { apps, warnings } = READERS[format](text, file);
  const names = new Set<string>();
  const drafts = apps.map((app) => {
    const name = app.name === null ? null : usableName(app.name, app.place, warnings);
    if (name !== null && names.has(name)) throw refuse(app.place, `two apps would be called ${name}`);
    if (name !== null) names.add(name);
    const patch = readApp(inputFromJson(app.settings, app.place), { domain: options.domain ?? "localhost" });
    return draftFromPatch(patch, name, { file, line: app.place.line ?? 1 }, options);
  });
  return { drafts, warnings };
}

function usableName(given: string, place: Place, warnings: string[]): string {
  const name = nameFromFolder(given.replaceAll(/[\\/]/g, "-"));
  if (name !== given) warnings.push(`${shown(given)} is called ${name} here`);
  return at(place, () => checkAppName(name));
}

function formatOf(text: string, file: string): Format {
  const name = (file.split(/[\\/]/).at(-1) ?? "").toLowerCase();
  if (/^gantry\.(?:ya?ml|json)$/.test(name)) return "manifest";
  if (/^procfile(?:\.|$)/.test(name)) return "procfile";
  if (/\.(?:conf|ini)$/.test(name)) return "supervisord";
  if (/\.(?:[cm]?js|ts)$/.test(name)) return "pm2";
  if (/compose.*\.ya?ml$/.test(name)) return "compose";
  if (/\.(?:ya?ml|json)$/.test(name)) return formatOfYaml(text, file);
  throw new GantryError("invalid-manifest", {
    file,
    reason: "its format is not known",
    hint: "Known are gantry.yaml, apps.yaml, Procfile, ecosystem.config.js, supervisord's .conf and compose files.",
  });
}

/** Told apart by the keys that only one of the formats has. */
function formatOfYaml(text: string, file: string): Format {
  const top = parseYaml(text, file, { foreign: true });
  if (top.type !== "map") return "apps-yaml";
  const value = (key: string) => top.entries.find((entry) => entry.key === key)?.value;
  const first = value("apps");
  const app = first?.type === "list" ? first.items[0] : undefined;
  if (app?.type === "map" && app.entries.some(({ key }) => key === "script")) return "pm2";
  if (value("services")?.type === "map") return "compose";
  const own = ["run", "entry", "path", "port", "health"].some((key) => value(key)?.type === "scalar");
  return own ? "manifest" : "apps-yaml";
}
