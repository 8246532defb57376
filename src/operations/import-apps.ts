// Takes over apps from the files of other programs. Starts nothing.
import { readFileSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { Context } from "../context.ts";
import { configDefaults } from "../domain/config-patch.ts";
import { GantryError } from "../domain/errors.ts";
import { importApps as readApps } from "../domain/import-apps.ts";
import { listApps } from "./find-app.ts";
import { upsertDrafts } from "./upsert-drafts.ts";

const MAX_BYTES = 1_048_576;

export interface ImportReport {
  created: string[];
  updated: string[];
  warnings: string[];
}

/**
 * From a file, or from `text` that stands for the file `name` (an absolute path, from which relative paths count).
 * Upserts by name. Throws for the first thing that is wrong; nothing is changed then.
 */
export async function importApps(
  context: Context,
  input: { file?: string; text?: string; name?: string },
  actor: string,
): Promise<ImportReport> {
  const { file, text } = readInput(input);
  const { settings } = context;
  const known = listApps(context).map((app) => app.name);
  const { drafts, warnings } = readApps(text, file, {
    ...configDefaults(settings),
    domain: settings.domain,
    known,
  });
  const { created, updated } = await upsertDrafts(context, drafts, actor);
  return { created, updated, warnings };
}

function readInput({ file, text, name }: { file?: string; text?: string; name?: string }): {
  file: string;
  text: string;
} {
  if (text !== undefined) return { file: name ?? "/apps.yaml", text };
  if (file === undefined || !isAbsolute(file))
    throw new GantryError("invalid-path", {
      path: file ?? "",
      reason: "it must be an absolute path",
      field: "path",
    });
  try {
    const stats = statSync(file);
    if (!stats.isFile())
      throw new GantryError("invalid-path", { path: file, reason: "it is not a file", field: "path" });
    if (stats.size > MAX_BYTES)
      throw new GantryError("invalid-path", { path: file, reason: "it is larger than 1 MiB", field: "path" });
    return { file, text: readFileSync(file, "utf8") };
  } catch (error) {
    if (error instanceof GantryError) throw error;
    throw new GantryError(
      "invalid-path",
      { path: file, reason: (error as Error).message, field: "path" },
      error,
    );
  }
}
