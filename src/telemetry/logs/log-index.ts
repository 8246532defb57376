// The index beside a log file: which byte was written when, and where the readable part begins.
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";

export interface IndexEntry {
  /** Size of the log when it was looked at: bytes in front of it were written by then. */
  offset: number;
  /** Epoch milliseconds. */
  at: number;
}

/** Offsets are those of the writer's whole output and never move, also when its head is gone. */
export interface Bounds {
  /** Offset of the file's byte 0: greater than 0 only where the head was cut off by truncation. */
  base: number;
  /** Everything in front of this offset is gone. */
  first: number;
}

/** The mark "GLI1" as a number, base, first; then entries of offset and time: little-endian doubles. */
const MAGIC = 0x47_4c_49_31;
const HEADER_BYTES = 24;
const ENTRY_BYTES = 16;
const MAX_ENTRIES = 4_096;
/** The newest entries stay as fine as they are when the index is thinned. */
const FINE_ENTRIES = 1_024;

/** Everything in the index; a missing or damaged one is empty. */
export function readIndex(path: string): Bounds & { entries: IndexEntry[] } {
  const bytes = readOrEmpty(path);
  const bounds = readBounds(bytes);
  if (bounds === undefined) return { base: 0, first: 0, entries: [] };
  const entries: IndexEntry[] = [];
  for (let at = HEADER_BYTES; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    const entry = { offset: bytes.readDoubleLE(at), at: bytes.readDoubleLE(at + 8) };
    if (entry.offset >= (entries.at(-1)?.offset ?? 0) && Number.isFinite(entry.at)) entries.push(entry);
  }
  return { ...bounds, entries };
}

/** Only the bounds and the last entry: two small reads, whatever the index's size. */
export function readIndexEnds(path: string): Bounds & { last: IndexEntry | undefined; count: number } {
  const nothing = { base: 0, first: 0, last: undefined, count: 0 };
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return nothing;
  }
  try {
    const bytes = Buffer.alloc(HEADER_BYTES + ENTRY_BYTES);
    const bounds = readBounds(bytes.subarray(0, readSync(fd, bytes, 0, HEADER_BYTES, 0)));
    if (bounds === undefined) return nothing;
    const count = entryCount(fd);
    if (count === 0) return { ...bounds, last: undefined, count };
    readSync(fd, bytes, 0, ENTRY_BYTES, HEADER_BYTES + (count - 1) * ENTRY_BYTES);
    return { ...bounds, last: { offset: bytes.readDoubleLE(0), at: bytes.readDoubleLE(8) }, count };
  } finally {
    closeSync(fd);
  }
}

/** Stores the bounds; call it before the head is freed, so that nobody reads a hole. */
export function writeBounds(path: string, { base, first }: Bounds): void {
  withFile(path, (fd) => writeSync(fd, header({ base, first }), 0, HEADER_BYTES, 0));
}

/** Appends one entry. When there are too many, every second one of the older ones goes. */
export function appendEntry(path: string, entry: IndexEntry): void {
  const full = withFile(path, (fd) => {
    const count = entryCount(fd);
    const bytes = Buffer.alloc(ENTRY_BYTES);
    bytes.writeDoubleLE(entry.offset, 0);
    bytes.writeDoubleLE(entry.at, 8);
    writeSync(fd, bytes, 0, ENTRY_BYTES, HEADER_BYTES + count * ENTRY_BYTES);
    return count + 1 >= MAX_ENTRIES;
  });
  if (full) thin(path);
}

function thin(path: string): void {
  const { entries, ...bounds } = readIndex(path);
  const kept = entries.filter(({ offset }, i) => {
    const fine = i >= entries.length - FINE_ENTRIES;
    return offset >= bounds.first && (fine || i % 2 === 0);
  });
  const bytes = Buffer.alloc(HEADER_BYTES + kept.length * ENTRY_BYTES);
  header(bounds).copy(bytes);
  for (const [i, { offset, at }] of kept.entries()) {
    bytes.writeDoubleLE(offset, HEADER_BYTES + i * ENTRY_BYTES);
    bytes.writeDoubleLE(at, HEADER_BYTES + i * ENTRY_BYTES + 8);
  }
  writeFileSync(`${path}.new`, bytes, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function withFile<T>(path: string, act: (fd: number) => T): T {
  const writable = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const start = Buffer.alloc(HEADER_BYTES);
    if (readBounds(start.subarray(0, readSync(writable, start, 0, HEADER_BYTES, 0))) === undefined) {
      ftruncateSync(writable, 0);
      writeSync(writable, header({ base: 0, first: 0 }), 0, HEADER_BYTES, 0);
    }
    return act(writable);
  } finally {
    closeSync(writable);
  }
}

function header({ base, first }: Bounds): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeDoubleLE(MAGIC, 0);
  bytes.writeDoubleLE(base, 8);
  bytes.writeDoubleLE(first, 16);
  return bytes;
}

function readBounds(bytes: Buffer): Bounds | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readDoubleLE(0) !== MAGIC) return undefined;
  const bounds = { base: bytes.readDoubleLE(8), first: bytes.readDoubleLE(16) };
  return Number.isSafeInteger(bounds.base) && Number.isSafeInteger(bounds.first) ? bounds : undefined;
}

const entryCount = (fd: number): number =>
  Math.max(0, Math.floor((fstatSync(fd).size - HEADER_BYTES) / ENTRY_BYTES));

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
