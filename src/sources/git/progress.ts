// What git says while it fetches, as lines of progress: few, short and harmless.
import { cleanLine } from "./explain.ts";

const EVERY_MS = 1_000;
const PHASE = /^(?:remote: )?(Enumerating|Counting|Compressing|Receiving|Resolving)[a-z ]*:/;

/** One line a second, and what was received in the end. Errors are told by the failure. */
export function createProgress(
  onProgress: (line: string) => void,
  secrets: readonly string[],
): (line: string) => void {
  let toldAt = performance.now();
  return (line) => {
    const phase = PHASE.exec(line)?.[1];
    if (phase === undefined) return;
    const now = performance.now();
    if (now - toldAt < EVERY_MS && !(phase === "Receiving" && line.includes("done."))) return;
    toldAt = now;
    onProgress(cleanLine(line, secrets));
  };
}
