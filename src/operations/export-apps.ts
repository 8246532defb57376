// All apps, or some, as a gantry.yaml that gives the same again.
import type { Context } from "../context.ts";
import { exportManifest } from "../domain/export-manifest.ts";
import { findApp, listApps } from "./find-app.ts";

export function exportApps(context: Context, names?: string[]): string {
  const apps = names === undefined ? listApps(context) : names.map((name) => findApp(context, name));
  return exportManifest(apps);
}
