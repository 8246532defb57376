// Reads what is kept, and believes no content that has another hash than its name.
import { createHash } from "node:crypto";
import { type FileHandle, readFile, rm } from "node:fs/promises";
import type { Tree, TreeFile } from "../../domain/code.ts";
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";
import { isMissing } from "./disk.ts";
import { isHeld, type Shelf } from "./shelf.ts";
import { isHash } from "./tree-list.ts";

const PIECE = 64 * 1_024;

/** Throws `code-missing`. */
export async function readTree(shelf: Shelf, hash: string): Promise<Tree> {
  const missing = (hint?: string) =>
    new GantryError("code-missing", { what: `code ${hash.slice(0, 12)}`, hint });
  if (!isHash(hash)) throw new GantryError("code-missing", { what: `code ${shown(hash)}` });
  try {
    const tree = await shelf.recent.read(shelf.places.list(hash), hash);
    if (tree !== null) return tree;
  } catch (error) {
    throw isMissing(error) ? missing() : error;
  }
  throw missing("Its list is damaged: deploy the code again.");
}

/** The whole content of a file. Throws `code-missing`, also where it is damaged. */
export async function readContent(shelf: Shelf, file: TreeFile): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(shelf.places.object(file.hash));
  } catch (error) {
    throw isMissing(error) ? contentMissing(file) : error;
  }
  if (isContent(bytes, file)) return bytes;
  await forgetDamaged(shelf, file.hash);
  throw contentMissing(file);
}

export const isContent = (bytes: Buffer, { hash }: TreeFile): boolean =>
  createHash("sha256").update(bytes).digest("hex") === hash;

/** Has the file, from where it was read to, this content? */
export async function hasContent(file: FileHandle, { bytes, hash }: TreeFile): Promise<boolean> {
  const sum = createHash("sha256");
  const piece = Buffer.allocUnsafe(Math.min(PIECE, bytes + 1));
  let total = 0;
  for (let last = -1; last !== 0 && total <= bytes; ) {
    last = (await file.read(piece)).bytesRead;
    total += last;
    sum.update(piece.subarray(0, last));
  }
  return total === bytes && sum.digest("hex") === hash;
}

/** Removes a content that is not what its name says, so that the same code can be deployed again. */
export async function forgetDamaged(shelf: Shelf, hash: string): Promise<void> {
  await shelf.gate.alone(async () => {
    if (!isHeld(shelf, hash)) await rm(shelf.places.object(hash), { force: true });
  });
}

export const contentMissing = (file: TreeFile): GantryError =>
  new GantryError("code-missing", {
    what: shown(file.path),
    hint: "What was stored of it is gone or damaged: deploy the code again.",
  });
