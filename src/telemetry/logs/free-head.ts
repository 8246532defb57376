// Frees the head of a log that an instance is appending to, without the instance noticing.
import { execFile } from "node:child_process";
import { closeSync, ftruncateSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { PIECE_BYTES } from "./line-reader.ts";
import type { LogFile } from "./log-file.ts";

/** How a head is freed: `punch` leaves offsets and writer alone; `truncate` where the file system or `fallocate` can't. */
export class HeadFreer {
  #canPunch = true;
  readonly #busy = new Set<string>();
  /** Offsets up to which heads are freed already, as far as is known. */
  readonly #freed = new WeakMap<LogFile, number>();

  /** Frees everything in front of `file.first`. Several calls at once become one more at the end. */
  async free(file: LogFile): Promise<void> {
    if (this.#busy.has(file.path)) return;
    this.#busy.add(file.path);
    try {
      while (this.#freedOf(file) < file.first) {
        const from = this.#freedOf(file);
        const to = file.first;
        const punched = this.#canPunch ? await punch(file.path, from - file.base, to - from) : "impossible";
        if (punched === "failed") return;
        if (punched === "impossible") {
          this.#canPunch = false;
          // All at once, and nothing of a file that is gone.
          return truncate(file);
        }
        this.#freed.set(file, to);
      }
    } finally {
      this.#busy.delete(file.path);
    }
  }

  #freedOf = (file: LogFile): number => Math.max(file.base, this.#freed.get(file) ?? 0);
}

type Punched = "done" | "impossible" | "failed";

/** util-linux's fallocate. `failed`: not this time (no process could be started, the file is gone). */
const punch = (path: string, from: number, bytes: number): Promise<Punched> =>
  new Promise((resolve) => {
    const argv = ["--punch-hole", "--keep-size", "--offset", String(from), "--length", String(bytes), path];
    execFile(
      "fallocate",
      argv,
      { env: { PATH: process.env.PATH ?? "", LC_ALL: "C" } },
      (error, _, stderr) => {
        if (!error) resolve("done");
        else
          resolve(
            error.code === "ENOENT" || /not supported|not implemented|unrecognized/i.test(stderr)
              ? "impossible"
              : "failed",
          );
      },
    );
  });

/**
 * Copies what is kept, from its first whole line on, empties the file and appends the copy. The writer appends (O_APPEND) and goes on behind it. What it writes in the
 * microseconds between the last read and the truncation is lost; there is no better way without punching.
 */
function truncate(file: LogFile): void {
  if (gone(file.path)) return;
  const reader = openSync(file.path, "r");
  const writer = openSync(file.path, "a");
  try {
    const parts: Buffer[] = [];
    let at = file.first - file.base;
    for (;;) {
      const part = Buffer.allocUnsafe(1024 * 1024);
      const bytes = readSync(reader, part, 0, part.length, at);
      if (bytes === 0) break;
      parts.push(part.subarray(0, bytes));
      at += bytes;
    }
    const broken = (parts[0]?.subarray(0, PIECE_BYTES).indexOf(10) ?? -1) + 1;
    parts[0] = parts[0]?.subarray(broken) ?? Buffer.alloc(0);
    ftruncateSync(writer, 0);
    let kept = 0;
    for (const part of parts) kept += writeSync(writer, part);
    file.rebase(file.first + broken, kept);
  } finally {
    closeSync(reader);
    closeSync(writer);
  }
}

function gone(path: string): boolean {
  try {
    return statSync(path).size === 0;
  } catch {
    return true;
  }
}
