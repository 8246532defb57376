// Deploys what a person sends: an archive, a repository; into an app that is there, or a new one.
import type { Context } from "../context.ts";
import type { App, Source } from "../domain/app.ts";
import type { AppPatch } from "../domain/config-patch.ts";
import type { Deployment } from "../domain/deployment.ts";
import { credentialPlace } from "../domain/sealed.ts";
import type { GitCredential } from "../domain/source.ts";
import { addApp, takeIn } from "./add-app.ts";
import { checkClaims } from "./check-claims.ts";
import { deployApp } from "./deploy-app.ts";
import { newApp, storeApps } from "./register-app.ts";

/** The app that gets the code: one that is there, or what a new one is to be. */
export type Receiver = { app: App } | { input: AppPatch };

export interface Delivery {
  app: App;
  /** Null where it was only to be registered. */
  deployment: Deployment | null;
}

export interface DeliveryOptions {
  start: boolean;
  /** False: a new app is only registered, with the code as its draft. */
  deploy: boolean;
  message: string | null;
}

/** `file` is the archive on disk. Throws `invalid-archive`, `too-large` and what is wrong with the app; nothing is changed then. */
export async function deployArchive(
  context: Context,
  receiver: Receiver,
  {
    file,
    filename,
    subfolder,
    ...options
  }: DeliveryOptions & { file: string; filename: string | null; subfolder: string },
  actor: string,
): Promise<Delivery> {
  const source = { type: "archive", filename } as const;
  const order = { start: options.start, actor, message: options.message, sourceText: filename };
  if ("app" in receiver) {
    const { app } = receiver;
    const tree = await takeIn(context, app, (writer) => context.sources.zip(file, writer));
    const origin = { type: "tree", hash: tree.hash, subfolder } as const;
    const deployment = await deployApp(context, app, { ...order, origin });
    return { app: await comesFrom(context, app, source), deployment };
  }
  const fill = (writer: Parameters<Context["sources"]["zip"]>[1]) => context.sources.zip(file, writer);
  const app = await addApp(context, { input: receiver.input, source, subfolder, fill }, actor);
  if (!options.deploy) return { app, deployment: null };
  return { app, deployment: await deployApp(context, app, order) };
}

export interface GitDelivery extends DeliveryOptions {
  /** Without credentials. */
  url: string;
  ref: string | null;
  subfolder: string;
  credential: GitCredential | null;
}

/** The repository is fetched in the deployment; a new app is there, without code, while that goes on. */
export async function deployGit(
  context: Context,
  receiver: Receiver,
  { url, ref, subfolder, credential, ...options }: GitDelivery,
  actor: string,
): Promise<Delivery> {
  const source = { type: "git", url, ref, subfolder } as const;
  const app = "app" in receiver ? receiver.app : newApp(context, receiver.input, source);
  const seal = (value: GitCredential): string =>
    context.sealer.seal(JSON.stringify(value), credentialPlace(app.id));
  const kept = credential === null ? {} : { credential: seal(credential) };
  if ("input" in receiver) {
    checkClaims(context, app);
    await storeApps(context, [{ ...app, ...kept }], actor);
  } else await comesFrom(context, app, source, kept);
  const now = context.store.apps.get(app.id) ?? app;
  if (!options.deploy) return { app: now, deployment: null };
  const order = { start: options.start, actor, message: options.message, origin: source };
  return { app: now, deployment: await deployApp(context, now, order) };
}

/** From now on `deploy` means this source. An app with a linked folder keeps that. */
async function comesFrom(
  { store }: Context,
  app: App,
  source: Exclude<Source, { type: "folder" }>,
  kept: Partial<App> = {},
): Promise<App> {
  await store.write(() => {
    const now = store.apps.get(app.id);
    if (now === undefined) return {};
    const changed = { ...now, ...kept, ...(now.source.type === "folder" ? {} : { source }) };
    return JSON.stringify(changed) === JSON.stringify(now) ? {} : { put: { apps: [changed] } };
  });
  return store.apps.get(app.id) ?? app;
}
