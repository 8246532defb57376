// From a folder of code to what is needed to run it.
import { join } from "node:path";
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";
import type { Build, Detection, Hints } from "../domain/toolchain.ts";
import { checkClaims } from "./check-claims.ts";
import type { Journal } from "./deployment-journal.ts";
import { detectIn } from "./detect-app.ts";

/** A folder of code and what would run in it. */
export interface Checked {
  dir: string;
  detection: Detection;
}

export const hintsOf = ({ config }: Pick<App, "config">): Hints => ({ run: config.run, entry: config.entry });

/** Is there something to run, and are its names and its port its own? Throws `not-detected`, `invalid-entry`, `host-taken`, `port-taken`… */
export async function checkCode(
  context: Context,
  app: App,
  dir: string,
  signal: AbortSignal,
): Promise<Checked> {
  checkClaims(context, app);
  try {
    return { dir, detection: await detectIn(context, dir, hintsOf(app), signal) };
  } catch (error) {
    if (!(error instanceof GantryError) || error.code !== "not-detected" || linkedFolder(app) === dir)
      throw error;
    // Where Gantry keeps it says nothing to anybody.
    throw new GantryError("not-detected", { ...error.details, path: `The code of ${app.name}` }, error);
  }
}

/** Throws `build-failed` with what is wrong. */
export async function buildCode(
  context: Context,
  app: Pick<App, "id" | "config">,
  { dir, detection }: Checked,
  journal: Journal,
  signal: AbortSignal,
): Promise<Build> {
  const toolchain = context.toolchains.find((one) => one.name === detection.toolchain);
  if (toolchain === undefined)
    throw new GantryError("build-failed", { reason: `there is no toolchain ${detection.toolchain}` });
  const { home } = context.settings;
  return await toolchain.build(
    {
      dir,
      isCopy: dir.startsWith(join(home, "apps", "/")),
      detection,
      hints: hintsOf(app),
      shell: app.config.shell,
      args: app.config.args,
      envsDir: join(home, "envs"),
      toolsDir: join(home, "tools"),
      logFile: journal.file,
      onProgress: ({ stage, message, printed }) => journal.tell(message, { stage, log: printed !== true }),
    },
    signal,
  );
}
