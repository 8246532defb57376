// Waits for the end of a process that is not a child of this one.
import { Failure } from "./failure.ts";

const LOOK_MS = 10;
const PATIENCE_MS = 30_000;

/** Resolves when no process has this id. Throws `failed` after half a minute. */
export async function untilGone(pid: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (isThere(pid)) {
    if (performance.now() > deadline) {
      throw new Failure("failed", `The daemon (pid ${pid}) was asked to stop but still runs`, {
        code: "still-running",
      });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Signal 0 only asks (kill(2)). */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
