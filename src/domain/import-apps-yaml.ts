// apps.yaml of the FastAPI App Manager: a list or map of name, path, entry, host, port, args, enabled.
import type { Imported, ImportedApp } from "./imported.ts";
import { type Input, type Mapping, type Place, refuse } from "./manifest-input.ts";
import { ALL_KEYS, LATER_KEYS } from "./manifest-keys.ts";
import { isNull, mapping } from "./manifest-read.ts";
import { parseYaml } from "./manifest-yaml.ts";
import { shown } from "./shown.ts";

/** Reads the list, at the top or under `apps:`. Further keys of gantry.yaml are understood; others become warnings. */
export function readAppsYaml(text: string, file: string): Imported {
  const top = parseYaml(text, file, { foreign: true });
  const under = top.type === "map" ? top.entries.find(({ key }) => key === "apps")?.value : undefined;
  const root = under ?? top;
  const warnings: string[] = [];
  if (root.type === "scalar") throw refuse(root.place, "it must be a list or a mapping of apps");
  const apps =
    root.type === "list"
      ? root.items.map((item) => readOne(mapping(item, "name, path, entry…"), null, item.place, warnings))
      : root.entries.map(({ key, keyPlace, value }) =>
          readOne(mapping(value, "path, entry…"), key, keyPlace, warnings),
        );
  return { apps, warnings };
}

function readOne(input: Mapping, key: string | null, place: Place, warnings: string[]): ImportedApp {
  const settings: Record<string, unknown> = {};
  let name = key;
  for (const entry of input.entries) {
    if (entry.key === "name" && key === null) name = nameOf(entry.value);
    else if (entry.key === "name" || entry.key === "id" || /_at$/.test(entry.key)) continue;
    else if (!ALL_KEYS.includes(entry.key) || LATER_KEYS.includes(entry.key))
      warnings.push(`${shown(name ?? "?")}: the key ${shown(entry.key)} is left out`);
    else if (!isNull(entry.value)) settings[entry.key] = plain(entry.value, entry.key);
  }
  if (name === null) throw refuse(place, "the app has no name", "Add name: to it.");
  return { name, place, settings };
}

function nameOf(input: Input): string {
  if (input.type !== "scalar" || input.text === "") throw refuse(input.place, "the name must be text");
  return input.text;
}

/** Texts as written; numbers and truth values where YAML sees them and the key wants them. */
function plain(input: Input, key: string): unknown {
  if (input.type === "list") return input.items.map((item) => plain(item, "text"));
  if (input.type === "map")
    return Object.fromEntries(
      input.entries.map((entry) => [entry.key, plain(entry.value, key === "env" ? "text" : entry.key)]),
    );
  if (key === "text" || key === "run" || key === "args" || key === "entry" || key === "path")
    return input.text;
  if (input.kind === "boolean") return input.text.toLowerCase() === "true";
  return input.kind === "number" && key !== "port" ? Number(input.text) : input.text;
}
