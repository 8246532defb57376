// Judges one entry of a ZIP file by what the archive says about it: name, kind, method.
import { isUtf8 } from "node:buffer";
import { type Entry, getFileNameLowLevel, validateFileName } from "yauzl";
import { GantryError } from "../../domain/errors.ts";
import { isLeftOut } from "../../domain/left-out.ts";
import { shown } from "../../domain/shown.ts";
import { treePathProblem } from "../../domain/tree-paths.ts";

/** A file that is to be taken out. */
export interface ZipEntry {
  path: string;
  executable: boolean;
  entry: Entry;
}

const ENCRYPTED = 0x1 | 0x40 | 0x2000;
const NAME_IS_UTF8 = 0x800;
const METHODS = [0, 8];
/** Of Unix modes. */
const [TYPE, FILE, FOLDER, LINK] = [0xf000, 0x8000, 0x4000, 0xa000];
/** Of Windows attributes. */
const [DOS_FOLDER, DOS_LINK] = [0x10, 0x400];
const [UNIX, MACOS] = [3, 19];
/** Extra fields of older Unix programs, which name the target of a link. */
const [PKWARE_UNIX, ASI_UNIX] = [0x000d, 0x756e];
const PKWARE_UNIX_BYTES = 12;

export const refuse = (reason: string, cause?: unknown): GantryError =>
  new GantryError("invalid-archive", { reason, field: "file" }, cause);

/** Null for folders and for what is left out. Throws `invalid-archive`, which names the entry. */
export function judge(entry: Entry): ZipEntry | null {
  const full = nameOf(entry).replace(/^(\.\/)+/, "");
  const path = full.replace(/\/$/, "");
  if (path === "" && full !== nameOf(entry)) return null;
  const named = shown(full, 100);
  // Of yauzl only what is absolute on Windows: C:\x, c:x.
  const problem = treePathProblem(path) ?? (validateFileName(path) === null ? null : "it is absolute");
  if (problem !== null) throw refuse(`the name ${named} is not allowed: ${problem}`);
  const mode = entry.externalFileAttributes >>> 16;
  const isFolder = full.endsWith("/") || (mode & TYPE) === FOLDER || isDosFolder(entry);
  const parts = path.split("/");
  if (parts.some((part, index) => isLeftOut(part, isFolder || index < parts.length - 1))) return null;
  if (isLink(entry, mode)) throw refuse(`${named} is a link; put the file itself in its place`);
  if (isFolder) return null;
  if ((mode & TYPE) !== 0 && (mode & TYPE) !== FILE) throw refuse(`${named} is neither a file nor a folder`);
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0)
    throw refuse(`${named} is encrypted; pack it without a password`);
  if (!METHODS.includes(entry.compressionMethod))
    throw refuse(
      `${named} is packed with method ${entry.compressionMethod}; only Deflate and Store are understood`,
    );
  return { path, executable: (mode & 0o100) !== 0, entry: slim(entry) };
}

/** Without the bytes that are no longer needed: there may be many entries. */
function slim(entry: Entry): Entry {
  const nothing = Buffer.alloc(0);
  return Object.assign(entry, {
    fileNameRaw: nothing,
    extraFieldRaw: nothing,
    fileCommentRaw: nothing,
    fileName: "",
    fileComment: "",
    comment: "",
    extraFields: [],
  });
}

/** Finder and others write UTF-8 without saying so. */
function nameOf(entry: Entry): string {
  const raw = entry.fileNameRaw;
  const isUnix = [UNIX, MACOS].includes(entry.versionMadeBy >>> 8);
  const flags = entry.generalPurposeBitFlag | (isUnix && isUtf8(raw) ? NAME_IS_UTF8 : 0);
  return getFileNameLowLevel(flags, raw, entry.extraFields, true);
}

const isDosFolder = (entry: Entry): boolean =>
  (entry.externalFileAttributes & DOS_FOLDER) !== 0 && entry.uncompressedSize === 0;

function isLink(entry: Entry, mode: number): boolean {
  if ((mode & TYPE) === LINK || (entry.externalFileAttributes & DOS_LINK) !== 0) return true;
  return entry.extraFields.some(
    ({ id, data }) =>
      (id === PKWARE_UNIX && data.length > PKWARE_UNIX_BYTES) ||
      (id === ASI_UNIX && data.length >= 6 && (data.readUInt16LE(4) & TYPE) === LINK),
  );
}
