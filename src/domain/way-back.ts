// What an app is again when a deployment of it is taken back.
import type { App } from "./app.ts";
import type { Deployment } from "./deployment.ts";

/**
 * The target is the release `to`; what a rollback changed besides is as before, unless somebody changed it since. The good
 * release runs with the variables and secrets that it was good with, whatever the owner has changed since.
 */
export function wayBack(app: App, deployment: Deployment | undefined, to: string | null): App {
  const undo = deployment?.undo;
  const untouched = undo !== undefined && undo.updatedAt === app.updatedAt;
  return {
    ...app,
    ...(untouched && undo.config !== undefined ? { config: undo.config } : {}),
    ...(untouched && undo.secrets !== undefined ? { secrets: undo.secrets } : {}),
    ...(to === app.goodReleaseId && app.appliedGood !== undefined ? { applied: app.appliedGood } : {}),
    targetReleaseId: to,
    round: (app.round ?? 0) + 1,
  };
}
