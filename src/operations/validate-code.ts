// Validates code for an editor or a person: files that nobody has saved, a folder, or what an app has.
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import type { Diagnostic } from "../domain/diagnostic.ts";
import { GantryError } from "../domain/errors.ts";
import type { Hints } from "../domain/toolchain.ts";
import { folderInMemory } from "../lib/files-in-memory.ts";
import { hintsOf } from "./build-code.ts";
import { checkClaims } from "./check-claims.ts";
import { checkFixedPort } from "./check-fixed-port.ts";
import { type AppContents, appContents, contentsOf } from "./code-in-memory.ts";
import { keptCodeOf } from "./code-of-app.ts";
import { checkFolder } from "./detect-app.ts";
import { aboutApp, below, type Diagnosis, diagnoseCode, summed } from "./diagnose-code.ts";
import { listApps } from "./find-app.ts";
import { forApp } from "./refuse-invalid-code.ts";
import type { FileChanges } from "./save-draft.ts";

export interface Validation extends Diagnosis {
  durationMs: number;
}

/** Files that belong to no app. Throws `invalid-path`. */
export const validateFiles = (context: Context, files: FileChanges, hints: Hints): Promise<Validation> =>
  timed(context, () => inMemory(context, { contents: contentsOf(files), subfolder: "" }, hints));

/** A folder as it lies there; where it is an app's, with the configuration of that app. */
export const validateFolder = (context: Context, path: string, hints: Hints): Promise<Validation> =>
  timed(context, async () => {
    const dir = checkFolder(path);
    const app = listApps(context).find((one) => linkedFolder(one) === dir);
    if (app === undefined) return await diagnoseCode(context, dir, hints);
    const own = hintsOf(app);
    const given = hints.run === null && hints.entry === null ? own : hints;
    return ofApp(context, app, await diagnoseCode(context, dir, given));
  });

/** The code of an app (its draft, else what is deployed, else its folder) with `files` over it, or its folder as it lies there. */
export const validateApp = (context: Context, app: App, files: FileChanges | null): Promise<Validation> =>
  timed(context, async () => {
    const folder = linkedFolder(app);
    const isPlain = files === null && folder !== null && (await keptCodeOf(context, app)) === null;
    const found = isPlain
      ? await diagnoseCode(context, checkFolder(folder), hintsOf(app))
      : await inMemory(context, await appContents(context, app, files ?? {}), hintsOf(app));
    return ofApp(context, app, found);
  });

async function timed(context: Context, work: () => Promise<Diagnosis>): Promise<Validation> {
  const from = context.clock.monotonic();
  const found = await work();
  return { ...found, durationMs: Math.round((context.clock.monotonic() - from) * 10) / 10 };
}

async function inMemory(
  context: Context,
  { contents, subfolder }: AppContents,
  hints: Hints,
): Promise<Diagnosis> {
  const prefix = subfolder === "" ? "" : `${subfolder}/`;
  const inside = [...contents]
    .filter(([path]) => path.startsWith(prefix))
    .map(([path, content]) => [path.slice(prefix.length), content] as const);
  const folder = folderInMemory(new Map(inside));
  try {
    const found = await diagnoseCode(context, folder.dir, hints);
    return { ...found, diagnostics: below(subfolder, found.diagnostics) };
  } finally {
    folder.remove();
  }
}

/** With what is wrong with its name, its hosts and its port. */
function ofApp(context: Context, app: App, found: Diagnosis): Diagnosis {
  const conflicts: Diagnostic[] = [];
  for (const check of [checkClaims, checkFixedPort])
    try {
      check(context, app);
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
      conflicts.push(aboutApp(error, ""));
    }
  return { ...found, ...summed([...conflicts, ...forApp(app, found.diagnostics)]) };
}
