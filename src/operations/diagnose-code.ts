// What is wrong with code before anything of it is built.
import { join } from "node:path";
import type { Context } from "../context.ts";
import { type Diagnostic, inReadingOrder, isError } from "../domain/diagnostic.ts";
import { GantryError } from "../domain/errors.ts";
import type { Detection, Hints } from "../domain/toolchain.ts";
import { detectIn } from "./detect-app.ts";

export interface Diagnosis {
  /** Nothing of it would surely keep the app from starting. */
  ok: boolean;
  /** In the order of reading; of one that has thousands the first 1,000. */
  diagnostics: Diagnostic[];
  /** What would run. */
  detection: Detection | null;
}

const MAX_DIAGNOSTICS = 1_000;

/** Looks at the code in `dir`, which may lie in memory. That nothing runnable is there is a diagnostic, too. */
export async function diagnoseCode(
  context: Context,
  dir: string,
  hints: Hints,
  signal?: AbortSignal,
): Promise<Diagnosis> {
  const refused: Diagnostic[] = [];
  const detection = await detectIn(context, dir, hints, signal).catch((error: unknown) => {
    if (!(error instanceof GantryError) || error.kind !== "invalid") throw error;
    refused.push(aboutApp(error, dir));
    return null;
  });
  const found = await diagnostics(context, dir, detection, hints, signal);
  return { ...summed([...refused, ...found]), detection };
}

/** What the toolchain of `detection` has to say; where nothing was found, what all of them have. */
export async function diagnostics(
  context: Context,
  dir: string,
  detection: Detection | null,
  hints: Hints,
  signal?: AbortSignal,
): Promise<Diagnostic[]> {
  const asked = context.toolchains.filter(({ name }) => detection === null || name === detection.toolchain);
  const order = { dir, detection, hints, envsDir: join(context.settings.home, "envs") };
  const found = await Promise.all(asked.map((toolchain) => toolchain.check?.(order, signal) ?? []));
  return found.flat();
}

export function summed(found: readonly Diagnostic[]): { ok: boolean; diagnostics: Diagnostic[] } {
  return {
    ok: !found.some(isError),
    diagnostics: inReadingOrder(found).slice(0, MAX_DIAGNOSTICS),
  };
}

const CODES: Record<string, string> = {
  "invalid-entry": "entry",
  "not-detected": "entry",
  "name-taken": "name",
  "host-taken": "host",
  "port-taken": "port",
};

/** An error that is about the app as a whole. Folders of Gantry's own are not named. */
export function aboutApp(error: GantryError, dir: string): Diagnostic {
  const message = dir === "" ? error.message : error.message.replaceAll(dir, "the code");
  return {
    file: null,
    line: null,
    column: null,
    severity: "error",
    code: CODES[error.code] ?? error.code,
    message,
  };
}

/** Of code in a sub-folder, told from the root of the tree. */
export const below = (subfolder: string, found: readonly Diagnostic[]): Diagnostic[] =>
  found.map((one) =>
    one.file === null || subfolder === "" ? one : { ...one, file: `${subfolder}/${one.file}` },
  );
