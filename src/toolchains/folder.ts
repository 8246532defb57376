// Careful looks into a folder that may hold anything: FIFOs, devices, huge files, links.
import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";

const TEXT_LIMIT = 4 * 1024 * 1024;

/** The text of a regular file; null when it is missing, something else, unreadable or larger than `limit` bytes. */
export async function readText(path: string, limit: number = TEXT_LIMIT): Promise<string | null> {
  try {
    if (!(await stat(path)).isFile()) return null;
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = await file.stat();
      if (!facts.isFile() || facts.size > limit) return null;
      return (await file.readFile("utf8")).replace(/^\uFEFF/, "");
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

export async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

export async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}
