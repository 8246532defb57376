// What brings code into Gantry.
import type { Sources } from "../domain/source.ts";
import { readZip } from "./archive/read-zip.ts";
import { snapshotFolder } from "./folder/snapshot.ts";
import { createGitSource } from "./git/fetch-git.ts";

export interface SourcesOptions {
  /** GANTRY_HOME: never part of a folder's code. */
  home: string;
}

export const createSources = ({ home }: SourcesOptions): Sources => ({
  zip: readZip,
  git: createGitSource({ home }),
  folder: (path, writer, signal) => snapshotFolder(path, writer, { signal, except: [home] }),
});
