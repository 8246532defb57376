// What brings code into Gantry.
import { GantryError } from "../domain/errors.ts";
import type { Sources } from "../domain/source.ts";

export function createSources(): Sources {
  const missing = (): never => {
    throw new GantryError("not-built", { what: "this source" });
  };
  return { zip: missing, git: missing, folder: missing };
}
