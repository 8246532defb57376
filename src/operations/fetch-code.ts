// From where a deployment's code comes to a folder to run in.
import { join } from "node:path";
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import type { Code, Tree } from "../domain/code.ts";
import type { TreeWriter } from "../domain/code-store.ts";
import { type Origin, originOf } from "../domain/deployment.ts";
import { GantryError } from "../domain/errors.ts";
import { codeOf } from "../domain/release.ts";
import { credentialPlace } from "../domain/sealed.ts";
import type { GitCredential } from "../domain/source.ts";
import { treeLimits } from "../domain/tree-limits.ts";
import type { Journal } from "./deployment-journal.ts";
import { checkFolder } from "./detect-app.ts";

/** Code that is at hand: `dir` is where it runs. */
export interface Fetched {
  dir: string;
  code: Code;
}

type Stored = Extract<Origin, { type: "live" | "tree" }>;

/** Throws what the source has to say, and `code-missing`, `invalid-path`. */
export async function fetchCode(
  context: Context,
  app: App,
  journal: Journal,
  signal: AbortSignal,
): Promise<Fetched> {
  const origin = originOf(journal.deployment());
  const stored = origin.type === "current" ? currentCode(context, app) : origin;
  if (stored.type === "folder")
    return await unpack(context, app, await storeFolder(context, app, stored, journal, signal), signal);
  if (stored.type === "git")
    return await unpack(context, app, await storeRepository(context, app, stored, journal, signal), signal);
  return await unpack(context, app, stored as Stored, signal);
}

/** Where the code of the app's present state is; an app that never had a release has what came for it last. */
export function currentCode(
  { store }: Context,
  app: App,
): Extract<Origin, { type: "live" | "tree" | "git" }> {
  const release = app.targetReleaseId === null ? undefined : store.releases.get(app.targetReleaseId);
  const code = release === undefined ? undefined : codeOf(release);
  if (code?.type === "tree") return code;
  if (linkedFolder(app) !== null) return { type: "live" };
  const { draft, source } = app;
  const latest = store.deployments.ofApp(app.id).findLast(({ origin }) => origin?.type === "tree")?.origin;
  if (draft != null && (latest?.type !== "tree" || release === undefined))
    return { type: "tree", hash: draft.tree, subfolder: draft.subfolder };
  if (latest?.type === "tree") return latest;
  if (source.type === "git") return source;
  throw new GantryError("code-missing", {
    what: `The code of ${app.name}`,
    hint: `Deploy some: gantry deploy ${app.name} --path, --zip or --git`,
  });
}

/** The folder of the present code, without fetching anything. Throws `code-missing`. */
export async function codeFolder(context: Context, app: App): Promise<string> {
  const code = currentCode(context, app);
  if (code.type === "git") throw new GantryError("code-missing", { what: `The code of ${app.name}` });
  return (await unpack(context, app, code)).dir;
}

async function unpack(context: Context, app: App, origin: Stored, signal?: AbortSignal): Promise<Fetched> {
  if (origin.type === "live") {
    const folder = linkedFolder(app);
    if (folder === null) throw new GantryError("code-missing", { what: `The folder of ${app.name}` });
    return { dir: checkFolder(folder), code: { type: "live" } };
  }
  const { hash, subfolder } = origin;
  const { bytes } = await context.code.tree(app.name, hash);
  const copy = await context.code.checkOut(app.name, hash, signal);
  return { dir: checkFolder(join(copy, subfolder)), code: { type: "tree", hash, subfolder, bytes } };
}

async function storeFolder(
  context: Context,
  app: App,
  { path }: { path: string },
  journal: Journal,
  signal: AbortSignal,
): Promise<Stored> {
  const folder = checkFolder(path);
  const tree = await fill(context, app, (writer) => context.sources.folder(folder, writer, signal));
  return await keep(context, journal, tree, { subfolder: "", sourceText: folder, message: null });
}

async function storeRepository(
  context: Context,
  app: App,
  { url, ref, subfolder }: { url: string; ref: string | null; subfolder: string },
  journal: Journal,
  signal: AbortSignal,
): Promise<Stored> {
  let found = { commit: "", message: "" };
  const tree = await fill(context, app, async (writer) => {
    const onProgress = (line: string): void => journal.tell(line, { stage: "fetch", log: true });
    found = await context.sources.git(
      { url, ref, credential: credentialOf(context, app), signal, onProgress },
      writer,
    );
  });
  const sourceText = `${url}${ref === null ? "" : `#${ref}`} (${found.commit.slice(0, 7)})`;
  return await keep(context, journal, tree, { subfolder, sourceText, message: found.message });
}

function credentialOf({ sealer }: Context, { id, credential }: App): GitCredential | null {
  if (credential == null) return null;
  return JSON.parse(sealer.open(credential, credentialPlace(id))) as GitCredential;
}

/** Nothing of a tree that was not filled is left. */
async function fill(context: Context, app: App, add: (writer: TreeWriter) => Promise<void>): Promise<Tree> {
  const writer = context.code.begin(app.name, treeLimits(context.settings));
  try {
    await add(writer);
    return await writer.seal();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/** From now on the deployment's code is that tree: another daemon would not fetch it again. */
async function keep(
  { store }: Context,
  journal: Journal,
  tree: Tree,
  { subfolder, sourceText, message }: { subfolder: string; sourceText: string; message: string | null },
): Promise<Stored> {
  const deployment = journal.deployment();
  const origin = { type: "tree", hash: tree.hash, subfolder } as const;
  await store.record({
    put: {
      deployments: [
        {
          ...deployment,
          origin,
          sourceText: deployment.sourceText ?? sourceText,
          message: deployment.message ?? (message || null),
        },
      ],
    },
  });
  const files = tree.files.length === 1 ? "1 file" : `${tree.files.length} files`;
  journal.tell(`${files}, ${tree.bytes} bytes`, { stage: "fetch", log: true });
  return origin;
}
