// Text from a file or from stdin, up to a limit.
import { Failure } from "./failure.ts";

/** More than any variable, or all of them, may have. */
const MAX_BYTES = 2 * 1024 * 1024;

/** `-` is stdin. Throws `invalid` for what can't be read, is no UTF-8, or has more than 2 MiB. */
export async function readInput(path: string, cwd: string): Promise<string> {
  const shown = path === "-" ? "stdin" : JSON.stringify(path);
  const refuse = (problem: string) =>
    new Failure("invalid", `${shown} ${problem}`, { code: "invalid-path", field: "file" });
  if (path === "") throw refuse("is no file");
  const { resolve } = process.getBuiltinModule("node:path");
  const { createReadStream } = process.getBuiltinModule("node:fs");
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    const source = path === "-" ? process.stdin : createReadStream(resolve(cwd, path));
    for await (const piece of source) {
      pieces.push(piece as Buffer);
      bytes += (piece as Buffer).length;
      if (bytes > MAX_BYTES) break;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refuse(code === "ENOENT" ? "does not exist" : `can't be read (${code ?? "unknown error"})`);
  }
  if (bytes > MAX_BYTES) throw refuse("is larger than 2 MiB");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(pieces));
  } catch {
    throw refuse("is no UTF-8 text");
  }
}
