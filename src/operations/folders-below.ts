// The folders in which a folder that is no app itself may hold apps.
import { opendirSync } from "node:fs";
import { join } from "node:path";

/** Where repositories with several apps put them. */
const GROUPS = new Set(["apps", "packages", "services", "projects", "examples"]);
const SKIPPED = new Set([
  "node_modules",
  "venv",
  "env",
  "dist",
  "build",
  "docs",
  "test",
  "tests",
  "vendor",
  "target",
]);
const MAX_ENTRIES = 1_000;
const MAX_FOLDERS = 12;

/** At most twelve names relative to `dir`, in order; a link is no folder here, nor is what can't be read. */
export function foldersBelow(dir: string): string[] {
  const found = namesIn(dir).flatMap((name) =>
    GROUPS.has(name) ? [name, ...namesIn(join(dir, name)).map((below) => join(name, below))] : [name],
  );
  return found.slice(0, MAX_FOLDERS);
}

function namesIn(dir: string): string[] {
  const names: string[] = [];
  try {
    using folder = opendirSync(dir);
    for (let left = MAX_ENTRIES; left > 0; left--) {
      const entry = folder.readSync();
      if (entry === null) break;
      if (entry.isDirectory() && !entry.name.startsWith(".") && !SKIPPED.has(entry.name))
        names.push(entry.name);
    }
  } catch {
    return [];
  }
  return names.toSorted();
}
