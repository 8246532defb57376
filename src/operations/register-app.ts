// Puts a folder on the list of apps. Runs nothing, builds nothing.
import type { Context } from "../context.ts";
import { type App, linkedFolder, type Source } from "../domain/app.ts";
import { type AppPatch, configDefaults, defaultConfig, patchedApp } from "../domain/config-patch.ts";
import { GantryError } from "../domain/errors.ts";
import { checkAppName, nameFromFolder } from "../domain/name.ts";
import type { Detection } from "../domain/toolchain.ts";
import { newId } from "../lib/id.ts";
import { checkClaims } from "./check-claims.ts";
import { checkFolder, detectNew } from "./detect-app.ts";

export type RegisterInput = AppPatch & { path: string };

/** An app that is checked and not stored yet. */
export interface Prepared {
  app: App;
  detection: Detection;
}

/** Registers the folder under `name`, else under the folder's name. Throws when nothing runnable is found in it. */
export async function registerApp(context: Context, input: RegisterInput, actor: string): Promise<Prepared> {
  const prepared = await prepareApp(context, input);
  await storeApps(context, [prepared.app], actor);
  return prepared;
}

/** Changes nothing. Throws what `registerApp` throws. */
export async function prepareApp(context: Context, input: RegisterInput): Promise<Prepared> {
  const path = checkFolder(input.path);
  const app = newApp(context, input, { type: "folder", path });
  checkClaims(context, app);
  return {
    app,
    detection: await detectNew(context, path, { run: app.config.run, entry: app.config.entry }),
  };
}

/** All of them, or none where one wants to have what belongs to another one. */
export async function storeApps(context: Context, apps: App[], actor: string): Promise<void> {
  if (apps.length === 0) return;
  await context.store.write(() => {
    for (const app of apps) checkClaims(context, app, apps);
    return {
      put: { apps },
      events: apps.map((app) => ({
        type: "app.registered",
        appId: app.id,
        actor,
        message: `${app.name} was registered`,
        data: { path: linkedFolder(app) },
      })),
    };
  });
  // Its address answers from now on, if only to say how it is.
  for (const { id } of apps) context.reconciler.wake(id);
}

/** The app as it would be registered; not stored. Throws `invalid-name`, `reserved-name`. */
export function newApp(context: Context, { path: _, ...input }: AppPatch, source: Source): App {
  const now = context.clock.now();
  const defaults = configDefaults(context.settings);
  const name = checkAppName(input.name ?? (source.type === "folder" ? nameFromFolder(source.path) : ""));
  const blank: App = {
    id: newId("a", now),
    name,
    source,
    engine: "process",
    config: defaultConfig(defaults),
    enabled: true,
    system: false,
    wanted: false,
    targetReleaseId: null,
    goodReleaseId: null,
    generation: 0,
    generationAt: now,
    ignoresPort: false,
    createdAt: now,
    updatedAt: now,
    lastStartedAt: null,
    deletedAt: null,
  };
  const app = patchedApp(blank, input, defaults);
  if (context.engines[app.engine] === undefined)
    throw new GantryError("not-built", { what: `the engine ${app.engine}` });
  return app;
}
