// What brings code into Gantry.
import { GantryError } from "../domain/errors.ts";
import type { Sources } from "../domain/source.ts";
import { snapshotFolder } from "./folder/snapshot.ts";

export interface SourcesOptions {
  /** GANTRY_HOME: never part of a folder's code. */
  home: string;
}

export function createSources({ home }: SourcesOptions): Sources {
  const missing = (): never => {
    throw new GantryError("not-built", { what: "this source" });
  };
  return {
    zip: missing,
    git: missing,
    folder: (path, writer, signal) => snapshotFolder(path, writer, { signal, except: [home] }),
  };
}
