// Writing to stdout and stderr at once and in whole, which costs less at start-up than Node's streams.
import { Failure } from "./failure.ts";

/**
 * Writes all of `text`. A reader that went away (`| head -1`) ends the process quietly with 0; a full pipe is waited for.
 */
export function write(descriptor: 1 | 2, text: string): void {
  const { writeSync } = process.getBuiltinModule("node:fs");
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else if (code === "EPIPE" && descriptor === 1) process.exit(0);
      else if (descriptor === 1)
        throw new Failure("failed", `stdout can't be written: ${(error as Error).message}`, {
          code: "stdout",
        });
      else return;
    }
  }
}
