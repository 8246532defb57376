// `gantry new`: an app from a template, in a folder of its owner's or kept by Gantry.
import { randomBytes, randomInt } from "node:crypto";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Deployment } from "../domain/deployment.ts";
import { GantryError } from "../domain/errors.ts";
import { renderTemplate } from "../domain/render-template.ts";
import { secretPlace } from "../domain/sealed.ts";
import type { SecretKind, TemplateFiles } from "../domain/template.ts";
import { takeIn } from "./add-app.ts";
import { checkClaims } from "./check-claims.ts";
import { checkFixedPort } from "./check-fixed-port.ts";
import { checkKinds, checkValue } from "./check-values.ts";
import { deployApp } from "./deploy-app.ts";
import { detectNew } from "./detect-app.ts";
import { type ReadTemplate, readTemplate, type TemplateChoice } from "./read-template.ts";
import { newApp, storeApps } from "./register-app.ts";
import { checkNewFolder, writeFolder } from "./write-folder.ts";

export interface NewOrder {
  choice: TemplateChoice;
  name: string;
  /** Absolute: the new folder that the app lives in. Null: Gantry keeps the code. */
  folder: string | null;
  start: boolean;
}

export interface Made {
  app: App;
  /** Null for a folder that is not started. */
  deployment: Deployment | null;
  folder: string | null;
  /** Paths of the app's files. */
  files: string[];
  /** Secrets that a person needs, in clear, this once. */
  passwords: Record<string, string>;
  /** Which template it was. */
  template: string;
}

/**
 * With a folder the app is linked to it and built only if `start`; without one it is deployed in any case. Throws `name-taken` and
 * the like, `folder-taken`, what is wrong with the template, and what `deployApp` throws: nothing is left then.
 */
export async function newFromTemplate(
  context: Context,
  { choice, name, folder, start }: NewOrder,
  actor: string,
): Promise<Made> {
  const path = folder === null ? null : await checkNewFolder(folder);
  const source = path === null ? ({ type: "files" } as const) : ({ type: "folder", path } as const);
  checkClaims(context, newApp(context, { name, config: {} }, source));
  const read = await readTemplate(context, choice);
  const blank = newApp(context, { ...read.template.patch, name }, source);
  const { app, passwords } = withSecrets(context, blank, read.template.secrets);
  checkClaims(context, app);
  checkCanStart(context, app, start);
  const files = renderTemplate(read.files, read.template, {
    name,
    place: read.place,
    withManifest: path !== null,
  });
  const stored =
    path === null
      ? await keep(context, app, files, actor)
      : await writeAndLink(context, app, path, files, actor);
  const deployment = await begin(context, stored, read, { start, actor });
  return { app: stored, deployment, folder: path, files: [...files.keys()], passwords, template: read.place };
}

async function begin(
  context: Context,
  app: App,
  { place }: ReadTemplate,
  { start, actor }: { start: boolean; actor: string },
): Promise<Deployment | null> {
  const isLinked = app.source.type === "folder";
  if (isLinked && !start) return null;
  const order = { start: start && app.enabled, actor, message: `New from the template ${place}` };
  const text = isLinked ? {} : { sourceText: `template ${place}` };
  return await deployApp(context, app, { ...order, ...text, ...(isLinked && { origin: { type: "live" } }) });
}

/** What would keep it from being started is said before anything is written. */
function checkCanStart(context: Context, app: App, start: boolean): void {
  const missing = app.config.dependsOn.find((name) => context.store.apps.byName(name) === undefined);
  if (missing !== undefined)
    throw new GantryError("app-missing", {
      app: missing,
      hint: `${app.name} depends on it: make that first.`,
    });
  if (start) checkFixedPort(context, app);
}

async function keep(context: Context, app: App, files: TemplateFiles, actor: string): Promise<App> {
  const tree = await takeIn(context, app, async (writer) => {
    for (const [path, { content, executable }] of files) await writer.add(path, content, { executable });
  });
  const draft = { tree: tree.hash, subfolder: "", savedAt: context.clock.now(), author: actor };
  const stored: App = { ...app, draft };
  await storeApps(context, [stored], actor);
  return stored;
}

async function writeAndLink(
  context: Context,
  app: App,
  path: string,
  files: TemplateFiles,
  actor: string,
): Promise<App> {
  const written = await writeFolder(path, files);
  try {
    await detectNew(context, path, { run: app.config.run, entry: app.config.entry });
    await storeApps(context, [app], actor);
    return app;
  } catch (error) {
    await written.undo();
    throw error;
  }
}

function withSecrets(
  context: Context,
  app: App,
  kinds: Record<string, SecretKind>,
): { app: App; passwords: Record<string, string> } {
  const passwords: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    const value = kind === "password" ? password() : randomBytes(32).toString("base64url");
    checkValue(app, name, value);
    secrets[name] = context.sealer.seal(value, secretPlace(app.id, name));
    if (kind === "password") passwords[name] = value;
  }
  if (Object.keys(secrets).length === 0) return { app, passwords };
  const sealed = { ...app, secrets };
  checkKinds(sealed);
  return { app: sealed, passwords };
}

/** Without what looks alike: 1, l, I, 0, O. */
const LETTERS = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";

/** About 116 bits, in groups that can be read out. */
const password = (): string =>
  Array.from({ length: 4 }, () =>
    Array.from({ length: 5 }, () => LETTERS[randomInt(LETTERS.length)]).join(""),
  ).join("-");
