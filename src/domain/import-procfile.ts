// Procfile: `type: command`, one process a line.
import type { Imported, ImportedApp } from "./imported.ts";
import { type Place, refuse } from "./manifest-input.ts";
import { wordsOrNull } from "./split-words.ts";

/** Reads a Procfile. A single process gets its folder's name; `release:` is a later version's hook and is left out. */
export function readProcfile(text: string, file: string): Imported {
  const warnings: string[] = [];
  const apps: ImportedApp[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const place: Place = { field: "", file, line: index + 1, column: 1 };
    const match = /^([A-Za-z0-9_-]+)\s*:\s*(\S.*)$/.exec(line);
    if (!match) throw refuse(place, "a line must look like web: command");
    const [, name = "", run = ""] = match;
    if (name === "release") {
      warnings.push(`release (line ${index + 1}): commands before a release are not part of this version`);
      continue;
    }
    const shell = wordsOrNull(run) === null;
    if (shell) warnings.push(`${name}: its command is given to a shell, because it uses a shell's signs`);
    apps.push({ name, place, settings: shell ? { run, shell } : { run } });
  }
  const only = apps.length === 1 ? apps[0] : undefined;
  return { apps: only ? [{ ...only, name: null }] : apps, warnings };
}
