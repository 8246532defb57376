// What brings code into Gantry.
import { join } from "node:path";
import type { Sources } from "../domain/source.ts";
import { readZip } from "./archive/read-zip.ts";
import { snapshotFolder } from "./folder/snapshot.ts";
import { createGitSource } from "./git/fetch-git.ts";
import { listTemplates } from "./templates/list-templates.ts";

export interface SourcesOptions {
  /** GANTRY_HOME: never part of a folder's code. */
  home: string;
  /** The folder of the built-in templates. */
  templates: string;
}

export const createSources = ({ home, templates }: SourcesOptions): Sources => ({
  zip: readZip,
  git: createGitSource({ home }),
  folder: (path, writer, signal) => snapshotFolder(path, writer, { signal, except: [home] }),
  templates: () => listTemplates({ builtIn: templates, own: join(home, "templates") }),
});
