// Why the instances of a release could not take over: for the people who deployed it.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Diagnostic } from "../domain/diagnostic.ts";
import { faultPlace } from "../domain/fault-place.ts";
import { failedStart } from "../domain/hook.ts";
import type { Instance } from "../domain/instance.ts";
import { lastWords } from "../domain/last-words.ts";
import type { Workshop } from "./workshop.ts";

const LINES = 30;

/** Of the newest run of the target release: how it ended, what it said last, and where in its code it broke. */
export async function failureOf(
  { context }: Workshop,
  app: App,
): Promise<{ reason: string; lastLines: string[]; diagnostics?: Diagnostic[] }> {
  const { store } = context;
  const hook = await hookFailureOf(context, app);
  if (hook !== null) return hook;
  const runs = store.instances
    .ofApp(app.id)
    .filter((row) => row.releaseId === app.targetReleaseId && (row.round ?? 0) === (app.round ?? 0));
  const toldBy = (row: Instance) => row.message ?? context.reconciler.health(row.id)?.reason ?? null;
  // One that only just began has nothing to tell: the one before it knows why.
  const run = runs.findLast((row) => toldBy(row) !== null) ?? runs.at(-1);
  if (run === undefined) return { reason: "it was never started", lastLines: [] };
  const lastLines = await context.logs.lastLines(app.name, run.id, LINES).catch(() => []);
  const words = run.endReason === "exited" ? lastWords(lastLines) : null;
  const told = toldBy(run) ?? "it did not get ready";
  const place = faultPlace(lastLines, store.releases.get(run.releaseId)?.launch.cwd ?? "");
  const at = place === null ? "" : ` (${place.file}:${place.line})`;
  // The words may have been added to the row meanwhile.
  const reason = `${words === null || told.includes(words) ? told : `${told}: ${words}`}${at}`;
  if (place === null) return { reason, lastLines };
  return { reason, lastLines, diagnostics: [diagnose(place, words ?? told, run)] };
}

/** Of the hook that kept it from being started. */
async function hookFailureOf(
  context: Context,
  app: App,
): Promise<{ reason: string; lastLines: string[] } | null> {
  const { hooks } = context.reconciler.facts(app);
  const name = failedStart(hooks);
  const run = name === undefined ? undefined : context.store.executions.lastHooks(app.id).get(name);
  if (name === undefined || run === undefined) return null;
  const lastLines = await context.output.lastLines(app.name, run.id, LINES).catch(() => []);
  return { reason: hooks[name].reason ?? `${name} failed`, lastLines };
}

const diagnose = (
  { file, line }: { file: string; line: number },
  message: string,
  run: Instance,
): Diagnostic => ({
  file,
  line,
  column: null,
  severity: "error",
  code: run.readyAt === null ? "start" : "crash",
  message,
});
