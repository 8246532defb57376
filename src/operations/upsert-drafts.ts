// Registers what a file describes, or updates what is registered already: all of it, or nothing.
import { dirname, resolve } from "node:path";
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import type { AppDraft } from "../domain/app-draft.ts";
import { completeConfig, configDefaults } from "../domain/config-patch.ts";
import { GantryError } from "../domain/errors.ts";
import type { NewEvent } from "../domain/event.ts";
import { nameFromFolder } from "../domain/name.ts";
import { checkClaims } from "./check-claims.ts";
import { checkKinds } from "./check-values.ts";
import { checkFolder } from "./detect-app.ts";
import { newApp } from "./register-app.ts";

export interface Upserted {
  /** In the order of the drafts, as they are stored now. */
  apps: App[];
  created: string[];
  updated: string[];
}

/** What the drafts would be stored as, in their order, beside what is stored now, by id. Throws for the first draft that is wrong. */
export function planDrafts(context: Context, drafts: AppDraft[]): { apps: App[]; before: Map<string, App> } {
  const before = new Map<string, App>();
  const apps: App[] = [];
  for (const draft of drafts) {
    const path = folderOf(draft);
    const existing = context.store.apps.byName(draft.name ?? nameFromFolder(path));
    if (existing !== undefined) before.set(existing.id, existing);
    apps.push(
      existing === undefined ? created(context, draft, path) : updated(context, existing, draft, path),
    );
  }
  for (const app of apps) checkClaims(context, app, apps);
  return { apps, before };
}

/** Paths count from the draft's file. Apps are found by name; starts nothing. Throws for the first draft that is wrong. */
export async function upsertDrafts(context: Context, drafts: AppDraft[], actor: string): Promise<Upserted> {
  const { apps, before } = planDrafts(context, drafts);
  const changed = apps.filter((app) => before.get(app.id) !== app);
  const events = changed.map((app) => eventOf(app, before.has(app.id), actor));
  if (changed.length > 0) await context.store.write({ put: { apps: changed }, events });
  for (const app of changed) context.reconciler.wake(app.id);
  return {
    apps,
    created: apps.filter((app) => !before.has(app.id)).map((app) => app.name),
    updated: changed.filter((app) => before.has(app.id)).map((app) => app.name),
  };
}

function folderOf(draft: AppDraft): string {
  try {
    return checkFolder(resolve(dirname(draft.file), draft.path));
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    throw new GantryError("invalid-manifest", {
      file: `${draft.file}:${draft.line}`,
      reason: error.message,
      field: "path",
    });
  }
}

function created(context: Context, draft: AppDraft, path: string): App {
  const app = newApp(
    context,
    { config: {}, engine: draft.engine, ...(draft.name === null ? {} : { name: draft.name }) },
    { type: "folder", path },
  );
  return {
    ...app,
    enabled: draft.enabled ?? true,
    config: completeConfig(draft.config, configDefaults(context.settings)),
  };
}

/** The file says all there is to say: what it does not name goes back to its default. */
function updated(context: Context, app: App, draft: AppDraft, path: string): App {
  if (linkedFolder(app) !== path)
    throw new GantryError("name-taken", {
      name: app.name,
      hint: `Its code is ${linkedFolder(app) ?? "kept by Gantry"}. Give this one another name, or move that one: gantry config ${app.name} path=${path}`,
    });
  const config = completeConfig(draft.config, configDefaults(context.settings));
  checkKinds({ ...app, config });
  const enabled = draft.enabled ?? app.enabled;
  const same =
    enabled === app.enabled &&
    draft.engine === app.engine &&
    JSON.stringify(config) === JSON.stringify(app.config);
  if (same) return app;
  return {
    ...app,
    config,
    enabled,
    engine: draft.engine,
    updatedAt: Math.max(context.clock.now(), app.updatedAt + 1),
  };
}

const eventOf = (app: App, known: boolean, actor: string): NewEvent => ({
  type: known ? "app.updated" : "app.registered",
  appId: app.id,
  actor,
  message: `${app.name} was ${known ? "updated" : "registered"} from a file`,
  data: { path: linkedFolder(app) },
});
