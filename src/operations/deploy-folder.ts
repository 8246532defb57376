// `gantry deploy` in a folder: a copy of it into the app that it belongs to, or into a new one.
import type { Context } from "../context.ts";
import { type App, type AppConfig, linkedFolder } from "../domain/app.ts";
import type { AppDraft } from "../domain/app-draft.ts";
import type { Deployment } from "../domain/deployment.ts";
import { GantryError } from "../domain/errors.ts";
import { checkDrafts } from "./check-drafts.ts";
import { checkFixedPort } from "./check-fixed-port.ts";
import { deployApp } from "./deploy-app.ts";
import { checkFolder } from "./detect-app.ts";
import { listApps } from "./find-app.ts";
import { prepareApp, storeApps } from "./register-app.ts";
import { findManifest, readManifest } from "./up.ts";
import { planDrafts, upsertDrafts } from "./upsert-drafts.ts";

export interface FolderOrder {
  /** Absolute: a folder, or a manifest. */
  path: string;
  /** Which app of the folder or manifest; the name of a new one. */
  name?: string;
  message: string | null;
  start: boolean;
}

export interface FolderDelivery {
  app: App;
  deployment: Deployment;
  /** Was it unknown before? */
  created: boolean;
}

/**
 * A manifest's settings come with the code: a deploy that fails leaves those of before. It must name one app, or `name` says which. Throws `invalid-path`,
 * `invalid-manifest`, `not-detected`, `name-taken` and the like: nothing is changed then.
 */
export async function deployFolder(
  context: Context,
  { path, name, ...order }: FolderOrder,
  actor: string,
): Promise<FolderDelivery> {
  const manifest = findManifest(path);
  const { app, created, config } =
    manifest === null
      ? await appOfFolder(context, checkFolder(path), name, order.start, actor)
      : await appOfManifest(context, manifest, name, order.start, actor);
  const origin = { type: "folder", path: linkedFolder(app) ?? path } as const;
  const brought = config === undefined ? {} : { config };
  return { app, created, deployment: await deployApp(context, app, { ...order, ...brought, actor, origin }) };
}

/** `config`: what the manifest says of an app that is there; it has that once the deploy has come to its release. */
type Found = Pick<FolderDelivery, "app" | "created"> & { config?: AppConfig };

async function appOfFolder(
  context: Context,
  folder: string,
  name: string | undefined,
  start: boolean,
  actor: string,
): Promise<Found> {
  const linked = listApps(context).filter(
    (app) => linkedFolder(app) === folder && (name === undefined || app.name === name),
  );
  const [app, ...others] = linked;
  if (others.length > 0) throw severalApps(folder, namesOf(linked));
  if (app !== undefined) return { app, created: false };
  const input = { path: folder, config: {}, ...(name === undefined ? {} : { name }) };
  const fresh = (await prepareApp(context, input)).app;
  if (start) checkFixedPort(context, fresh);
  await storeApps(context, [fresh], actor);
  return { app: fresh, created: true };
}

async function appOfManifest(
  context: Context,
  file: string,
  name: string | undefined,
  start: boolean,
  actor: string,
): Promise<Found> {
  const draft = chooseDraft(readManifest(context, file), file, name);
  await checkDrafts(context, [draft]);
  const { apps, before } = planDrafts(context, [draft]);
  if (start) for (const app of apps) if (!app.wanted) checkFixedPort(context, app);
  const [planned] = apps;
  if (planned === undefined) throw new GantryError("invalid-manifest", { file, reason: "it names no app" });
  const known = before.get(planned.id);
  if (known !== undefined && known.enabled === planned.enabled && known.engine === planned.engine)
    return { app: known, created: false, config: planned.config };
  const [app = planned] = (await upsertDrafts(context, [draft], actor)).apps;
  return { app, created: known === undefined };
}

/** An app without a name of its own takes any. */
function chooseDraft(drafts: AppDraft[], file: string, name: string | undefined): AppDraft {
  const [first, ...others] = drafts;
  if (first !== undefined && others.length === 0 && (name === undefined || first.name === null))
    return { ...first, ...(name === undefined ? {} : { name }) };
  const names = drafts.flatMap((draft) => draft.name ?? []);
  if (name === undefined) throw severalApps(file, names);
  const chosen = drafts.find((draft) => draft.name === name);
  if (chosen !== undefined) return chosen;
  throw new GantryError("invalid-input", {
    reason: `${file} names no app ${name}`,
    field: "name",
    hint: `It names ${names.join(", ")}.`,
  });
}

const namesOf = (apps: App[]): string[] => apps.map((app) => app.name);

const severalApps = (place: string, names: string[]): GantryError =>
  new GantryError("invalid-input", {
    reason: `${place} has ${names.length} apps: ${names.join(", ")}`,
    field: "name",
    hint: `Say which: gantry deploy --name ${names[0]}`,
  });
