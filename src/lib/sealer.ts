// Encrypts small texts with a key that lies in a file of its own (AES-256-GCM, NIST SP 800-38D).
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { dirname } from "node:path";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MARK_BYTES = 16;
const VERSION = "v1";

export interface SealerOptions {
  /** Absolute path of the key file; made (0600) when the first text is sealed. */
  keyFile: string;
  /**
   * Asked before a key is made: who holds texts that were sealed before. They would be lost for good if a new key took
   * the place of theirs, which may still be brought back: it is made only where there are none.
   */
  holders: () => string[];
  /** Makes the error to throw. `cause` is what the system said, if it did. */
  refuse: (reason: string, cause?: unknown) => Error;
}

/**
 * See `Sealer` in context.ts. A sealed text is `version.mark.body`: the mark (HMAC-SHA-256) is the same for the same text in the
 * same place, so that texts can be compared without being opened; without the key it tells nothing. The key is read
 * each time: one that is gone is noticed while somebody still knows where it went.
 */
export function createSealer({ keyFile, holders, refuse }: SealerOptions): {
  seal(text: string, place: string): string;
  open(sealed: string, place: string): string;
} {
  const obtainKey = (): Buffer => {
    const found = readKey(keyFile, refuse);
    if (found !== undefined) return found;
    const names = holders();
    if (names.length > 0)
      throw refuse(`the key file ${keyFile} is missing, and earlier secrets of ${few(names)} need it`);
    makeKey(keyFile, refuse);
    const made = readKey(keyFile, refuse);
    if (made === undefined) throw refuse(`the key file ${keyFile} is gone again`);
    return made;
  };
  return {
    seal(text, place) {
      const key = obtainKey();
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      cipher.setAAD(Buffer.from(place));
      const body = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, markOf(key, text, place), body.toString("base64url")].join(".");
    },
    open(sealed, place) {
      const key = readKey(keyFile, refuse);
      if (key === undefined) throw refuse(`the key file ${keyFile} is missing`);
      const [version, mark, body = ""] = sealed.split(".");
      if (version !== VERSION) throw refuse("a newer Gantry has written this");
      const text = decrypt(key, Buffer.from(body, "base64url"), place);
      if (text === undefined || mark !== markOf(key, text, place))
        throw refuse("it was sealed with another key, for another place, or changed since");
      return text;
    },
  };
}

function decrypt(key: Buffer, bytes: Buffer, place: string): string | undefined {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

/** With a key of its own, derived from the home's. */
function markOf(key: Buffer, text: string, place: string): string {
  const own = createHmac("sha256", key).update("gantry: marks of sealed texts").digest();
  const mac = createHmac("sha256", own)
    .update(JSON.stringify([place, text]))
    .digest();
  return mac.subarray(0, MARK_BYTES).toString("base64url");
}

/** Undefined where there is none. A copy that others may read, as backups leave them, is made private. */
function readKey(file: string, refuse: SealerOptions["refuse"]): Buffer | undefined {
  let found: Buffer;
  try {
    const { mode } = fs.statSync(file);
    // A FIFO would be waited for.
    if ((mode & fs.constants.S_IFMT) !== fs.constants.S_IFREG) throw new Error("it is no file");
    if ((mode & 0o077) !== 0) makePrivate(file);
    found = fs.readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw refuse(`the key file ${file} can't be read: ${told(error)}`, error);
  }
  if (found.length !== KEY_BYTES) throw refuse(`the key file ${file} is damaged`);
  return found;
}

/** Where that can't be, the home around it is still closed to others. */
function makePrivate(file: string): void {
  try {
    fs.chmodSync(file, 0o600);
  } catch {}
}

/** Whole or not at all, and never in the place of another one: of two who make one the first wins. */
function makeKey(file: string, refuse: SealerOptions["refuse"]): void {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    const handle = fs.openSync(draft, "wx", 0o600);
    try {
      fs.writeFileSync(handle, randomBytes(KEY_BYTES));
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.linkSync(draft, file);
    syncFolder(dirname(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST")
      throw refuse(`the key file ${file} can't be made: ${told(error)}`, error);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** What is sealed must not outlive its key over a power cut. */
function syncFolder(folder: string): void {
  const handle = fs.openSync(folder, "r");
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

const few = (names: string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");

const told = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message;
