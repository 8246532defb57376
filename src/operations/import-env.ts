// Takes the variables of a .env file over.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { parseEnvFile } from "../domain/env-file.ts";
import { type ChangeOptions, changeValues } from "./change-values.ts";
import { type Kind, reserved } from "./check-values.ts";

export interface ImportedEnv {
  app: App;
  /** Names that the file sets. */
  names: string[];
  /** What was left out, a sentence each: files for development name a PORT, which is Gantry's to give. */
  warnings: string[];
}

/**
 * `file` is for messages. What the file does not name stays as it is. Throws `invalid-manifest` with the line, and what
 * `changeValues` throws; nothing is changed then.
 */
export async function importEnv(
  context: Context,
  app: App,
  { text, file, kind }: { text: string; file: string; kind: Kind },
  options: ChangeOptions,
  actor: string,
): Promise<ImportedEnv> {
  const all = Object.entries(parseEnvFile(text, file));
  const mine = all.filter(([name]) => reserved(app, name) === null);
  const warnings = all
    .filter(([name]) => reserved(app, name) !== null)
    .map(([name]) => `${name} was left out: it is set by Gantry. ${reserved(app, name)}`);
  const changed = await changeValues(
    context,
    app,
    kind,
    { changes: Object.fromEntries(mine), ...options },
    actor,
  );
  return { app: changed, names: mine.map(([name]) => name), warnings };
}
