// Checks `module:variable` as the owner wrote it against the code, without importing it.
import { join } from "node:path";
import { GantryError } from "../../domain/errors.ts";
import { filesInMemory } from "../../lib/files-in-memory.ts";
import { isFile } from "../folder.ts";
import type { FoundApp, Inspection } from "./inspect.ts";
import { reachable } from "./inspect.ts";

const ENTRY = /^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)(\(\))?$/;

/**
 * The application that the entry names. Null when the folder has no such module and no Python code at all (another
 * toolchain may know it); throws `invalid-entry` otherwise.
 */
export async function appOfEntry(
  dir: string,
  entry: string,
  inspection: Inspection,
): Promise<FoundApp | null> {
  if (/\.[cm]?[jt]s$/.test(entry)) return null;
  const match = ENTRY.exec(entry);
  const [, module, variable, call] = match ?? [];
  if (!module || !variable) {
    throw new GantryError("invalid-entry", { entry, field: "entry", reason: "it must be module:variable" });
  }
  const known = inspection.apps.find(
    (app) => app.module === module && app.variable === variable && (app.factory || call === undefined),
  );
  if (known) return known;
  const place = await moduleFile(dir, module, inspection);
  if (place === null) {
    if (inspection.files.length === 0 && inspection.errors.length === 0) return null;
    const reason = `there is no ${module.replaceAll(".", "/")}.py in ${filesInMemory(dir) === undefined ? dir : "the code"}`;
    throw new GantryError("invalid-entry", { entry, field: "entry", reason });
  }
  const factory = call !== undefined;
  const kind = kindOf(place.file, inspection);
  const framework = inspection.apps.find((app) => app.file === place.file)?.framework ?? null;
  return { ...place, line: 1, module, variable, factory, kind, framework, health: null, score: 0 };
}

/** The file of a module, looked for where its project keeps its modules; null where there is none. */
export async function moduleFile(
  dir: string,
  module: string,
  inspection: Inspection,
): Promise<{ file: string; base: string } | null> {
  const path = module.replaceAll(".", "/");
  const bases = new Set(["", "src", ...inspection.apps.map((app) => app.base)]);
  for (const base of bases) {
    for (const name of [`${path}.py`, `${path}/__init__.py`]) {
      const file = join(base, name);
      if (await isFile(join(dir, file))) return { file, base };
    }
  }
  return null;
}

/** ASGI unless the module's own imports speak for WSGI alone. */
function kindOf(file: string, inspection: Inspection): FoundApp["kind"] {
  const app = inspection.apps.find((found) => found.file === file);
  if (app) return app.kind;
  const imports = new Set(reachable(inspection, file).flatMap((found) => found.far));
  const is = (...names: string[]) => names.some((name) => imports.has(name));
  if (is("fastapi", "starlette", "litestar", "quart", "sanic", "channels")) return "asgi";
  if (is("aiohttp")) return "aiohttp";
  return is("flask", "bottle", "falcon", "django", "dash", "pyramid") ? "wsgi" : "asgi";
}
