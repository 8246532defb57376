// Unpacks a ZIP file into a tree. Nothing that it says about itself is trusted.
import { open } from "node:fs/promises";
import { addAbortSignal, Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from "yauzl";
import type { TreeWriter } from "../../domain/code-store.ts";
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";
import { atOnce } from "../../lib/at-once.ts";
import { explain } from "./explain-zip.ts";
import { refuse, type ZipEntry } from "./zip-entry.ts";
import { listZip } from "./zip-list.ts";
import { ZipReader } from "./zip-reader.ts";

const PLACES = 3;
const MORE_ENTRIES = 0x02014b50;

/** See `Sources.zip`. Also throws `disk-full`, and the reason of the signal. */
export async function readZip(path: string, writer: TreeWriter, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const file = await open(path, "r");
  const reader = new ZipReader(file);
  let zip: ZipFile | undefined;
  try {
    const { size } = await file.stat();
    zip = await openZip(reader, size);
    const list = await listZip(zip, reader.listAt, writer.limits, signal);
    await checkEnd(reader, zip);
    const opened = zip;
    await atOnce(list, PLACES, (entry) => take(opened, entry, writer, signal));
  } catch (error) {
    signal?.throwIfAborted();
    throw await explain(error, file);
  } finally {
    zip?.close();
    await file.close();
  }
}

async function openZip(reader: ZipReader, size: number): Promise<ZipFile> {
  const zip = await fromRandomAccessReaderPromise(reader, size, { autoClose: false, decodeStrings: false });
  zip.on("error", () => {});
  // The types say boolean.
  reader.listAt = Number(zip.readEntryCursor);
  return zip;
}

/** An archive with more entries than it counts would be taken in part. */
async function checkEnd(reader: ZipReader, zip: ZipFile): Promise<void> {
  const next = Buffer.alloc(4);
  await new Promise<void>((resolve) =>
    reader.read(next, 0, next.length, Number(zip.readEntryCursor), () => resolve()),
  );
  if (next.readUInt32LE() === MORE_ENTRIES) throw refuse("it has more entries than it says");
}

async function take(
  zip: ZipFile,
  { path, executable, entry }: ZipEntry,
  writer: TreeWriter,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  try {
    const stream = await zip.openReadStreamPromise(entry);
    if (signal !== undefined) addAbortSignal(signal, stream);
    await writer.add(path, Readable.from(checked(stream, entry)), { executable });
  } catch (error) {
    if (error instanceof GantryError || isOfDisk(error)) throw error;
    throw refuse(`${shown(path, 100)} is damaged`, error);
  }
}

/** The content while it is unpacked, which must be what the archive promised. yauzl ends it where it gets longer. */
async function* checked(stream: Readable, entry: Entry): AsyncGenerator<Buffer> {
  let sum = 0;
  for await (const piece of stream) {
    const bytes = piece as Buffer;
    sum = crc32(bytes, sum);
    yield bytes;
  }
  if (sum !== entry.crc32) throw new Error("its checksum differs");
}

/** A failure of this machine, not of the archive. */
const isOfDisk = (error: unknown): boolean => {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall !== undefined && code !== undefined;
};
