// Which toolchain takes a folder.
import { GantryError } from "./errors.ts";
import type { Detection, Hints } from "./toolchain.ts";

/**
 * The surest of what the toolchains found in the folder `path`; the first one wins a draw. Throws `invalid-entry` for an
 * entry that none of them knows, else `not-detected`.
 */
export function chooseDetection(
  found: readonly (Detection | null)[],
  path: string,
  { entry }: Hints,
): Detection {
  const [best] = found
    .filter((detection) => detection !== null)
    .toSorted((a, b) => b.confidence - a.confidence);
  if (best !== undefined) return best;
  if (entry === null) throw new GantryError("not-detected", { path });
  throw new GantryError("invalid-entry", {
    entry,
    field: "entry",
    reason: `there is no such module in ${path}`,
  });
}
