// Could what a manifest describes run at all? Asked before anything of it is registered.
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import type { AppDraft } from "../domain/app-draft.ts";
import { GantryError } from "../domain/errors.ts";
import { createLimit } from "../lib/limit.ts";
import { detectIn } from "./detect-app.ts";
import { missingFile } from "./missing-file.ts";
import { planDrafts } from "./upsert-drafts.ts";

/** Each may start a Python to read code with. */
const AT_ONCE = 4;

/**
 * Looks at the apps that are new, changed or not yet built, and are to be started. Throws `invalid-manifest` with file, line
 * and app of the first one whose folder holds nothing to run, or whose entry or file is missing.
 */
export async function checkDrafts(context: Context, drafts: AppDraft[]): Promise<void> {
  const limit = createLimit(AT_ONCE);
  const { apps, before } = planDrafts(context, drafts);
  const open = apps.filter((app) => app.targetReleaseId === null || before.get(app.id) !== app);
  const checked = await Promise.allSettled(
    open.map((app) => limit(async () => app.enabled && (await checkRuns(context, app)))),
  );
  for (const [index, result] of checked.entries()) {
    if (result.status === "fulfilled") continue;
    const app = open[index];
    const draft = drafts[app === undefined ? -1 : apps.indexOf(app)];
    throw draft === undefined ? result.reason : inManifest(result.reason, draft, app?.name ?? "");
  }
}

async function checkRuns(context: Context, app: App): Promise<void> {
  const { run, entry } = app.config;
  const folder = linkedFolder(app);
  if (folder === null) return;
  const detection = await detectIn(context, folder, { run, entry });
  const missing = run === null ? null : missingFile(folder, run, detection);
  if (missing === null) return;
  const reason = `there is no ${missing} in ${folder}`;
  throw new GantryError("invalid-setting", { setting: "run", reason, field: "run" });
}

function inManifest(error: unknown, { file, line }: AppDraft, app: string): unknown {
  if (!(error instanceof GantryError) || error.kind !== "invalid") return error;
  return new GantryError(
    "invalid-manifest",
    {
      file: `${file}:${line}`,
      reason: `${app}: ${error.message}`,
      ...(error.hint !== undefined && { hint: error.hint }),
      ...(error.details.field !== undefined && { field: error.details.field }),
    },
    error,
  );
}
