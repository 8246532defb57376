// Ends a deployment of code that can't run, before anything is built.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { type Diagnostic, InvalidCode } from "../domain/diagnostic.ts";
import { type Checked, hintsOf } from "./build-code.ts";
import type { Journal } from "./deployment-journal.ts";
import { below, diagnostics, summed } from "./diagnose-code.ts";
import type { Fetched } from "./fetch-code.ts";

/** The row keeps what was found, warnings too. Throws `invalid-code` for errors. */
export async function refuseInvalidCode(
  context: Context,
  app: App,
  { dir, code, detection }: Fetched & Checked,
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  const raw = await diagnostics(context, dir, detection, hintsOf(app), signal);
  const subfolder = code.type === "tree" ? code.subfolder : "";
  const found = summed(below(subfolder, forApp(app, raw)));
  if (found.diagnostics.length === 0) return;
  const row = { ...journal.deployment(), diagnostics: found.diagnostics };
  void context.store.record({ put: { deployments: [row] } });
  if (!found.ok) throw new InvalidCode(found.diagnostics);
}

/** Where an app has its own PYTHONPATH nobody knows what can be imported. */
export function forApp({ config, secrets }: App, found: Diagnostic[]): Diagnostic[] {
  const hasPath = [config.env, secrets ?? {}].some((values) => Object.hasOwn(values, "PYTHONPATH"));
  return hasPath
    ? found.map((one) => (one.code === "import" ? { ...one, severity: "warning" as const } : one))
    : found;
}
