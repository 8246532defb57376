// All toolchains, and the choice among them.
import { GantryError } from "../domain/errors.ts";
import type { Detection, Hints, Toolchain } from "../domain/toolchain.ts";
import { createCommand } from "./command/index.ts";
import { assertFolder } from "./folder.ts";
import { createNode } from "./node/index.ts";
import { createPython } from "./python/index.ts";
import { createStatic } from "./static/index.ts";

export function createToolchains(): Toolchain[] {
  return [createPython(), createNode(), createStatic(), createCommand()];
}

/**
 * What the toolchain that is surest of itself found in the folder; the first one wins a draw. Throws `invalid-path` for
 * what is no readable folder, `invalid-entry` for an entry that is not there, and `not-detected`.
 */
export async function detectBest(
  toolchains: readonly Toolchain[],
  dir: string,
  hints: Hints,
  signal?: AbortSignal,
): Promise<Detection> {
  await assertFolder(dir);
  const found: Detection[] = [];
  for (const toolchain of toolchains) {
    signal?.throwIfAborted();
    const detection = await toolchain.detect(dir, hints, signal);
    if (detection) found.push(detection);
  }
  const best = found.toSorted((a, b) => b.confidence - a.confidence)[0];
  if (best) return best;
  if (hints.entry !== null)
    throw new GantryError("invalid-entry", {
      entry: hints.entry,
      field: "entry",
      reason: `there is no such module in ${dir}`,
    });
  throw new GantryError("not-detected", { path: dir });
}
