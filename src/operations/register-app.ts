// Puts a folder on the list of apps. Runs nothing, builds nothing.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { type AppPatch, configDefaults, defaultConfig, patchedApp } from "../domain/config-patch.ts";
import { GantryError } from "../domain/errors.ts";
import { checkAppName, nameFromFolder } from "../domain/name.ts";
import type { Detection } from "../domain/toolchain.ts";
import { newId } from "../lib/id.ts";
import { checkClaims } from "./check-claims.ts";
import { checkFolder, detectNew } from "./detect-app.ts";

export type RegisterInput = AppPatch & { path: string };

/** Registers the folder under `name`, else under the folder's name. Throws when nothing runnable is found in it. */
export async function registerApp(
  context: Context,
  input: RegisterInput,
  actor: string,
): Promise<{ app: App; detection: Detection }> {
  const path = checkFolder(input.path);
  const app = newApp(context, { ...input, path });
  checkClaims(context, app);
  const detection = await detectNew(context, path, { run: app.config.run, entry: app.config.entry });
  await context.store.write(() => {
    checkClaims(context, app);
    return {
      put: { apps: [app] },
      events: [
        {
          type: "app.registered",
          appId: app.id,
          actor,
          message: `${app.name} was registered`,
          data: { path },
        },
      ],
    };
  });
  return { app, detection };
}

/** The app as it would be registered; not stored. Throws `invalid-name`, `reserved-name`. */
export function newApp(context: Context, input: RegisterInput): App {
  const now = context.clock.now();
  const defaults = configDefaults(context.settings);
  const name = checkAppName(input.name ?? nameFromFolder(input.path));
  const blank: App = {
    id: newId("a", now),
    name,
    source: { type: "folder", path: input.path },
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
