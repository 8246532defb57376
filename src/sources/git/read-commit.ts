// Copies the files of a commit into a tree, straight out of the object store: no checkout, no filters, no hooks, no links.

import type { TreeWriter } from "../../domain/code-store.ts";
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";
import { type Blobs, openBlobs } from "./blobs.ts";
import { createLinks } from "./links.ts";
import type { Git } from "./run-git.ts";
import { type TreeEntry, treeEntries } from "./tree-entries.ts";
import { createTreeFiller } from "./tree-filler.ts";

/** More symbolic links than any honest repository has. */
const MAX_LINKS = 10_000;
const MAX_TOLD = 10;
const MAX_TARGET = 4_096;

/** Names under which some file system or git itself may find a `.git`: whoever runs git in the copy would run what it says. */
const GIT_FOLDER = /(?:^|\/)(?:\.git|git~1)[ .]*(?:\/|$)/i;
/** Left out when HFS+ compares names. */
const IGNORABLE = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Throws what `writer` throws, and `git-failed` or `invalid-path` for what can't be taken. */
export async function readCommit(
  git: Git,
  commit: string,
  writer: TreeWriter,
  onProgress: (line: string) => void,
): Promise<void> {
  const blobs = openBlobs(git);
  const filler = createTreeFiller(blobs, writer);
  try {
    const links = createLinks();
    const pending: TreeEntry[] = [];
    let submodules = 0;
    for await (const entry of treeEntries(git, commit)) {
      if (GIT_FOLDER.test(entry.path.replaceAll(IGNORABLE, "")))
        throw new GantryError("invalid-path", {
          path: shown(entry.path),
          reason: "it would be a .git folder",
        });
      if (entry.kind === "submodule") {
        if (++submodules <= MAX_TOLD) onProgress(`The submodule ${shown(entry.path)} is left out`);
      } else if (entry.kind === "link") {
        if (pending.push(entry) > MAX_LINKS)
          throw new GantryError("git-failed", { reason: `it has more than ${MAX_LINKS} symbolic links` });
      } else {
        await filler.add(entry.path, entry);
        links.addFile(entry.path, entry);
      }
    }
    for (const { path, oid } of pending) links.addLink(path, await targetOf(blobs, path, oid));
    for (const { path } of pending) for (const file of links.follow(path)) await filler.add(file.path, file);
    await filler.finish();
    if (submodules > MAX_TOLD) onProgress(`${submodules} submodules are left out`);
    if (filler.pointers > 0)
      onProgress(`${filler.pointers} files are kept in Git LFS: only their pointers are fetched`);
  } finally {
    await filler.finish().catch(() => {});
    blobs.close();
  }
}

async function targetOf(blobs: Blobs, path: string, oid: string): Promise<string> {
  const content = await blobs.read(oid);
  if (content instanceof Uint8Array && content.length <= MAX_TARGET) return content.toString("utf8");
  throw new GantryError("git-failed", { reason: `its symbolic link ${shown(path)} has no proper target` });
}
