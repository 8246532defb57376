// For which projects the packages of one may serve another: same list, same versions, nothing of the project itself in them.
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import semver from "semver";
import { isFile, readText } from "../folder.ts";
import type { Package } from "./package-json.ts";
import type { Packager } from "./packager.ts";
import type { Runtime } from "./runtime.ts";

/** Raised when the way in which packages are kept changes. */
const LAYOUT = 1;
/** Beside the lock file they decide what is installed. */
const SETTINGS = [".npmrc", ".yarnrc", "pnpm-workspace.yaml", ".pnpmfile.cjs"];
/** Run with each installation, in the project: what they do is not known. */
const OWN_SCRIPTS = "preinstall install postinstall prepublish preprepare prepare postprepare".split(" ");
const LOCAL = /:"(?:file|link|portal|workspace):|:"(?:\.{1,2}|~)?\//;

/** Names the packages that the project asks for; null where they can't be shared. */
export async function packagesKey(
  dir: string,
  found: Package,
  manager: Packager,
  runtime: Runtime,
): Promise<string | null> {
  if (manager.modern || manager.name === "bun" || !isPlain(found)) return null;
  if (manager.lock === null && !hasRanges(found)) return null;
  if (await isFile(join(dir, "binding.gyp"))) return null;
  const settings = await Promise.all(SETTINGS.map((name) => readText(join(dir, name))));
  if (/^packages:/m.test(settings[2] ?? "")) return null;
  const what = [
    LAYOUT,
    [process.platform, process.arch, semver.major(runtime.version)],
    [manager.name, manager.version, manager.lock],
    found.installText,
    settings,
    await patches(join(dir, "patches")),
  ];
  return createHash("sha256").update(JSON.stringify(what)).digest("hex").slice(0, 24);
}

function isPlain(found: Package): boolean {
  if (OWN_SCRIPTS.some((name) => name in found.scripts)) return false;
  return !found.installText.includes('"workspaces":') && !LOCAL.test(found.installText);
}

/** Without a lock file, what is asked for by a branch or a tag may be another package tomorrow. */
const hasRanges = (found: Package): boolean =>
  Object.values({ ...found.dependencies, ...found.development }).every(
    (asked) => semver.validRange(asked) !== null,
  );

async function patches(folder: string): Promise<[string, string | null][]> {
  const names = (await readdir(folder).catch(() => [])).toSorted();
  return await Promise.all(
    names.map(async (name): Promise<[string, string | null]> => [name, await readText(join(folder, name))]),
  );
}
