// Code of an app as a folder in memory, with contents over it that nobody has saved.
import type { Context } from "../context.ts";
import { type App, linkedFolder } from "../domain/app.ts";
import type { TreeWriter } from "../domain/code-store.ts";
import { GantryError } from "../domain/errors.ts";
import { shown } from "../domain/shown.ts";
import { treeLimits } from "../domain/tree-limits.ts";
import { createTreePaths } from "../domain/tree-paths.ts";
import { atOnce } from "../lib/at-once.ts";
import { keptCodeOf } from "./code-of-app.ts";
import type { FileChanges } from "./save-draft.ts";

/** Of larger files only their names count. */
const MAX_FILE_BYTES = 1_048_576;
const MAX_BYTES = 64 * 1_048_576;
const AT_ONCE = 16;

export type Contents = Map<string, Buffer | null>;

/** Path → content, as files of one tree. Throws `invalid-path`. */
export function contentsOf(files: FileChanges): Contents {
  const contents: Contents = new Map();
  const paths = createTreePaths();
  for (const [path, change] of Object.entries(files)) {
    if (change === null) continue;
    const reason = paths.add(path);
    if (reason !== null) throw new GantryError("invalid-path", { path: shown(path), reason, field: "files" });
    contents.set(path, change.content);
  }
  return contents;
}

/** `subfolder` is where the app's code lies in it. */
export interface AppContents {
  contents: Contents;
  subfolder: string;
}

/** The draft, else what is deployed, else the linked folder; with `changes` over it. Nothing is stored. */
export async function appContents(context: Context, app: App, changes: FileChanges): Promise<AppContents> {
  const over = contentsOf(changes);
  const code = await keptCodeOf(context, app);
  const folder = code === null ? linkedFolder(app) : null;
  const contents: Contents = new Map();
  if (code !== null) await readTree(context, app, code.tree, contents, changes);
  else if (folder !== null) await context.sources.folder(folder, memoryWriter(context, contents));
  for (const path of Object.keys(changes)) contents.delete(path);
  for (const [path, content] of over) contents.set(path, content);
  return { contents, subfolder: code?.subfolder ?? "" };
}

async function readTree(
  { code }: Context,
  app: App,
  tree: { hash: string; files: readonly { path: string; bytes: number; hash: string }[] },
  contents: Contents,
  changes: FileChanges,
): Promise<void> {
  let left = MAX_BYTES;
  await atOnce(tree.files, AT_ONCE, async ({ path, bytes }) => {
    contents.set(path, null);
    if (Object.hasOwn(changes, path) || !isRead(path) || bytes > MAX_FILE_BYTES || bytes > left) return;
    left -= bytes;
    contents.set(path, await code.read(app.name, tree.hash, path));
  });
}

/** What a toolchain may want to read. */
const isRead = (path: string): boolean =>
  /\.(?:py|[cm]?[jt]s|json|toml|txt|in|cfg|lock|ya?ml)$|(?:^|\/)(?:Procfile|Pipfile|\.python-version)$/.test(
    path,
  );

/** Keeps the contents instead of storing them. */
function memoryWriter(context: Context, contents: Contents): TreeWriter {
  const limits = treeLimits(context.settings);
  let bytes = 0;
  const writer: TreeWriter = {
    limits,
    get bytes() {
      return bytes;
    },
    get files() {
      return contents.size;
    },
    async add(path, content) {
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of typeof content === "string" || content instanceof Uint8Array
        ? [content]
        : content) {
        const piece = Buffer.from(part as Uint8Array);
        size += piece.length;
        bytes += piece.length;
        if (size <= MAX_FILE_BYTES) parts.push(piece);
      }
      contents.set(
        path,
        size > MAX_FILE_BYTES || bytes > MAX_BYTES || !isRead(path) ? null : Buffer.concat(parts),
      );
    },
    include: () => Promise.reject(new Error("nothing is kept here")),
    seal: () => Promise.reject(new Error("nothing is kept here")),
    abort: async () => {},
  };
  return writer;
}
