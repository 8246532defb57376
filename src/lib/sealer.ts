// Encrypts small texts with a key that lies in a file of its own (AES-256-GCM, NIST SP 800-38D).
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = "v1.";

export interface SealerOptions {
  /** Absolute path of the key file; made (0600) when the first text is sealed. */
  keyFile: string;
  /** Makes the error to throw when a text can't be opened. */
  refuse: (reason: string) => Error;
}

/** See `Sealer` in context.ts. */
export function createSealer({ keyFile, refuse }: SealerOptions): {
  seal(text: string, place: string): string;
  open(sealed: string, place: string): string;
} {
  let key: Buffer | undefined;
  const readKey = (): Buffer | undefined => {
    if (key !== undefined) return key;
    let found: Buffer;
    try {
      found = readFileSync(keyFile);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw refuse(`the key file can't be read (${(error as NodeJS.ErrnoException).code})`);
    }
    if (found.length !== KEY_BYTES) throw refuse("the key file is damaged");
    key = found;
    return key;
  };
  return {
    seal(text, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", readKey() ?? makeKey(keyFile, readKey), nonce);
      cipher.setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return VERSION + Buffer.concat([nonce, body, cipher.getAuthTag()]).toString("base64");
    },
    open(sealed, place) {
      const known = readKey();
      if (known === undefined) throw refuse("the key file is missing");
      if (!sealed.startsWith(VERSION)) throw refuse("a newer Gantry has written this");
      const bytes = Buffer.from(sealed.slice(VERSION.length), "base64");
      try {
        const decipher = createDecipheriv("aes-256-gcm", known, bytes.subarray(0, NONCE_BYTES));
        decipher.setAAD(Buffer.from(place));
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
        return decipher.update(body, undefined, "utf8") + decipher.final("utf8");
      } catch {
        throw refuse("it was sealed with another key");
      }
    },
  };
}

/** Whole or not at all, and never in the place of another one. */
function makeKey(file: string, read: () => Buffer | undefined): Buffer {
  const draft = `${file}.${process.pid}`;
  const handle = openSync(draft, "w", 0o600);
  try {
    writeSync(handle, randomBytes(KEY_BYTES));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const key = read();
  if (key === undefined) throw new Error("the key file is gone again");
  return key;
}
