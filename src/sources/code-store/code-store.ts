// The place where Gantry keeps code: contents by hash, trees as lists of them, working copies to run in.
import type { CodeStore } from "../../domain/code-store.ts";
import { GantryError } from "../../domain/errors.ts";

/** `home` is GANTRY_HOME; an app's code lies in `apps/<name>/releases`. */
export function createCodeStore(_options: { home: string }): CodeStore {
  const missing = (): never => {
    throw new GantryError("not-built", { what: "kept code" });
  };
  return {
    begin: missing,
    tree: missing,
    read: missing,
    checkOut: missing,
    copy: missing,
    prune: async () => {},
  };
}
