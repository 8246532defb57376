// `gantry up`: registers or updates what folders and manifests describe, builds it, starts it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import type { AppDraft } from "../domain/app-draft.ts";
import { configDefaults } from "../domain/config-patch.ts";
import { GantryError } from "../domain/errors.ts";
import { parseManifest } from "../domain/manifest.ts";
import { checkDrafts } from "./check-drafts.ts";
import { checkFixedPort } from "./check-fixed-port.ts";
import { checkFolder } from "./detect-app.ts";
import { listApps } from "./find-app.ts";
import { prepareApp, storeApps } from "./register-app.ts";
import { upsertDrafts } from "./upsert-drafts.ts";

const MANIFESTS = ["gantry.yaml", "gantry.yml"];
const MAX_MANIFEST_BYTES = 1_048_576;

/**
 * `paths` are absolute: manifest files, folders with one, or folders that are an app themselves. Returns when all is
 * registered and the builds are requested; `apps` are those that will be started. Nothing is changed when a file is wrong.
 */
export async function up(
  context: Context,
  { paths, only }: { paths: string[]; only?: string[] },
  actor: string,
): Promise<{ apps: App[]; warnings: string[] }> {
  const drafts: AppDraft[] = [];
  const folders: string[] = [];
  for (const path of paths) {
    const manifest = findManifest(path);
    if (manifest === null) folders.push(checkFolder(path));
    else drafts.push(...readManifest(context, manifest));
  }
  await checkDrafts(
    context,
    drafts.filter((draft) => only === undefined || draft.name === null || only.includes(draft.name)),
  );
  const known = folders.map((folder) => appIn(context, folder));
  const fresh = folders.filter((_, index) => known[index] === undefined);
  const found: App[] = [];
  for (const path of new Set(fresh)) found.push((await prepareApp(context, { path, config: {} })).app);
  const fromFiles = (await upsertDrafts(context, drafts, actor)).apps;
  await storeApps(context, found, actor);
  const fromFolders = [...known.filter((app) => app !== undefined), ...found];
  const chosen = [...fromFiles, ...fromFolders].filter(
    (app) => only === undefined || only.includes(app.name),
  );
  const apps = chosen.filter((app) => app.enabled);
  for (const app of apps) if (!app.wanted) checkFixedPort(context, app);
  for (const app of apps)
    await context.builder.request(app, { start: true, actor, origin: { type: "live" } });
  const disabled = chosen.filter((app) => !app.enabled);
  return { apps, warnings: disabled.map((app) => `${app.name} is disabled and was not started`) };
}

/** The apps that a manifest or folder means, without changing anything: for `gantry down`. */
export function appsOf(context: Context, paths: string[]): App[] {
  return paths.flatMap((path) => {
    const manifest = findManifest(path);
    if (manifest === null) return listApps(context).filter((app) => linkedFolder(app) === checkFolder(path));
    const names = readManifest(context, manifest).map((draft) => draft.name);
    return listApps(context).filter((app) => names.includes(app.name));
  });
}

/** The manifest that `path` is or holds; null for a folder without one. Throws `invalid-path`. */
export function findManifest(path: string): string | null {
  if (existsSync(path) && statSync(path).isFile()) return path;
  const folder = checkFolder(path);
  return MANIFESTS.map((name) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

/** Throws `invalid-manifest`. */
export function readManifest(context: Context, file: string): AppDraft[] {
  if (statSync(file).size > MAX_MANIFEST_BYTES)
    throw new GantryError("invalid-manifest", { file, reason: "it is larger than 1 MiB" });
  const known = listApps(context).map((app) => app.name);
  return parseManifest(readFileSync(file, "utf8"), file, {
    ...configDefaults(context.settings),
    domain: context.settings.domain,
    known,
  });
}

const appIn = (context: Context, folder: string): App | undefined =>
  listApps(context).find((app) => linkedFolder(app) === folder);
