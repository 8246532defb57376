// Careful looks into a folder that may hold anything: FIFOs, devices, huge files, links.
import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { placeInMemory } from "../lib/files-in-memory.ts";

const TEXT_LIMIT = 4 * 1024 * 1024;

/** The text of a regular file; null when it is missing, something else, unreadable or larger than `limit` bytes. */
export async function readText(path: string, limit: number = TEXT_LIMIT): Promise<string | null> {
  const place = placeInMemory(path);
  if (place !== undefined) return typeof place === "string" ? null : textIn(place.content, limit);
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

const textIn = (content: Buffer | null, limit: number): string | null =>
  content === null || content.length > limit ? null : content.toString("utf8").replace(/^\uFEFF/, "");

export async function isFile(path: string): Promise<boolean> {
  const place = placeInMemory(path);
  if (place !== undefined) return typeof place === "object";
  return await stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

export async function isFolder(path: string): Promise<boolean> {
  const place = placeInMemory(path);
  if (place !== undefined) return place === "folder";
  return await stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}
