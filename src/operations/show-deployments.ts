// Deployments, as every face shows them.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Deployment } from "../domain/deployment.ts";
import { type DeploymentView, viewDeployment } from "../domain/deployment-view.ts";
import { GantryError } from "../domain/errors.ts";

/** Newest first; of all apps where none is given. */
export function listDeployments(context: Context, app?: App): DeploymentView[] {
  const rows =
    app === undefined ? [...context.store.deployments.all()] : context.store.deployments.ofApp(app.id);
  return rows
    .toSorted((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1))
    .map((row) => show(context, row));
}

/** Throws `deployment-missing`. */
export function showDeployment(context: Context, id: string): DeploymentView {
  const row = context.store.deployments.get(id);
  if (row === undefined) throw new GantryError("deployment-missing", { deployment: id });
  return show(context, row);
}

const show = ({ store, clock }: Context, row: Deployment): DeploymentView =>
  viewDeployment(row, {
    app: store.apps.get(row.appId)?.name ?? row.appId,
    release: row.releaseId === null ? null : (store.releases.get(row.releaseId)?.number ?? null),
    now: clock.now(),
  });
