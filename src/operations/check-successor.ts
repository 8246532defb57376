// What shall run the next daemon has to be there before this one ends.
import { statSync } from "node:fs";
import { GantryError } from "../domain/errors.ts";

/** Absolute paths: what runs the daemon, and the daemon's file. */
export interface Successor {
  program: string;
  file: string;
}

/** Throws `invalid-path`. */
export function checkSuccessor(successor: Successor): void {
  for (const field of ["program", "file"] as const) {
    const path = successor[field];
    const isFile = !path.includes("\0") && statSync(path, { throwIfNoEntry: false })?.isFile();
    if (!isFile) throw new GantryError("invalid-path", { path, reason: "there is no such file", field });
  }
}
