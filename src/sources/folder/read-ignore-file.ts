// Reads a file with ignore rules, if there is one.
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";

const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
const LIMIT = 1_024 * 1_024;

/** The lines of `root/folder/name`; none where it is missing or no regular file. Throws `invalid-path`. */
export async function readIgnoreFile(root: string, folder: string, name: string): Promise<string[]> {
  const refuse = (reason: string, cause?: unknown) =>
    new GantryError("invalid-path", { path: shown(join(folder, name)), reason, field: "path" }, cause);
  try {
    // As git: a link is not followed.
    const file = await open(join(root, folder, name), O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) return [];
      if (facts.size > LIMIT) throw refuse("it is larger than 1 MiB");
      const text = await file.readFile("utf8");
      return text.replace(/^\uFEFF/, "").split(/\r?\n/);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EACCES" || code === "EPERM") throw refuse("it can't be read", error);
    if (error instanceof GantryError) throw error;
    // A FIFO, a socket, a link, a folder, or nothing.
    return [];
  }
}
