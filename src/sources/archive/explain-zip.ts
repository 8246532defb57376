// Says for people why a ZIP file can't be taken.
import type { FileHandle } from "node:fs/promises";
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";
import { refuse } from "./zip-entry.ts";

/** What yauzl says → what we say. */
const SENTENCES: readonly [said: RegExp, sentence: string][] = [
  [/multi-disk/, "it is one part of several; pack it as one file"],
  [/strong encryption/, "it is encrypted; pack it without a password"],
  [/comment length/, "something was added to its end, or the end is missing"],
];

/** `error` as it is where it is meant for people or comes from this machine's disk, else `invalid-archive`. */
export async function explain(error: unknown, file: FileHandle): Promise<unknown> {
  if (error instanceof GantryError || !(error instanceof Error)) return error;
  if ((error as NodeJS.ErrnoException).syscall !== undefined) return error;
  if (/end of central directory record signature/i.test(error.message))
    return refuse(
      (await beginsAsZip(file)) ? "it is cut off: its end is missing" : "it is no ZIP file",
      error,
    );
  const sentence = SENTENCES.find(([said]) => said.test(error.message))?.[1];
  return refuse(sentence ?? `it is damaged (${shown(error.message, 100)})`, error);
}

async function beginsAsZip(file: FileHandle): Promise<boolean> {
  const head = Buffer.alloc(4);
  const { bytesRead } = await file.read(head, 0, 4, 0).catch(() => ({ bytesRead: 0 }));
  return bytesRead === 4 && head.readUInt32LE() === 0x04034b50;
}
