// Runs a project's build script when what it starts needs that, and its sources have changed.
import { createHash } from "node:crypto";
import { mkdir, opendir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { BuildOrder } from "../../domain/toolchain.ts";
import { buildFailed, runStep } from "../build-step.ts";
import { findProgram } from "../find-program.ts";
import { isFile, isFolder, readText } from "../folder.ts";
import type { Framework } from "./frameworks.ts";
import type { Package } from "./package-json.ts";

const MARKER = "node_modules/.gantry-build";
const OUTPUTS = [
  "dist",
  "build",
  ".next",
  ".output",
  "out",
  ".svelte-kit",
  ".nuxt",
  ".astro",
  "_site",
  "lib",
];
const SKIPPED = new Set([
  ...OUTPUTS,
  "node_modules",
  ".git",
  "coverage",
  ".cache",
  ".turbo",
  ".vite",
  ".gantry",
]);
const MAX_FILES = 50_000;

/** True when the build script ran. */
export async function compileSources(
  order: BuildOrder,
  found: Package,
  framework: Framework | null,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<boolean> {
  if (found.scripts.build === undefined || !needsOutput(order.detection.run, found, framework)) return false;
  const marker = join(order.dir, MARKER);
  const key = `${await fingerprint(order.dir)} ${found.scripts.build}`;
  if ((await readText(marker)) === key && (await hasOutput(order.dir))) return false;
  await rm(marker, { force: true });
  order.onProgress({ stage: "compile", message: found.scripts.build });
  const npm = await findProgram("npm", env.PATH ?? "");
  if (npm === null) throw buildFailed("npm was not found on this machine", [], "Install Node.js with npm.");
  const step = { stage: "compile", command: npm, args: ["run", "build"], cwd: order.dir, env };
  const result = await runStep(step, order, signal);
  if (result.code !== 0)
    throw buildFailed(`the build script failed: ${lastError(result.lines)}`, result.lines);
  await mkdir(join(order.dir, "node_modules"), { recursive: true });
  await writeFile(marker, key);
  return true;
}

/** Does what is started lie in a folder that the build makes? */
function needsOutput(run: string | null, found: Package, framework: Framework | null): boolean {
  if (run === null) return true;
  if (/\b(?:vite|next|nuxt|astro)(?: dev| serve)\b|^vite(?: --|$)/.test(run)) return false;
  const text = run.startsWith("npm run ") ? `${run} ${found.scripts.start ?? ""}` : run;
  if (/(?:^|[\s/'"])(?:dist|build|\.output|out|\.next)(?:\/|\s|$)/.test(text)) return true;
  if (/\bpreview\b|\b(?:next|nuxt) start\b|\b(?:remix|react-router)-serve\b/.test(text)) return true;
  return framework?.built === true && framework.static !== true && !/\bdev\b|\bstart:dev\b/.test(text);
}

async function hasOutput(dir: string): Promise<boolean> {
  for (const name of OUTPUTS) if (await isFolder(join(dir, name))) return true;
  return false;
}

/** Changes with any source file's path, size or time. */
async function fingerprint(dir: string): Promise<string> {
  const hash = createHash("sha256");
  const folders = [dir];
  let left = MAX_FILES;
  for (let folder = folders.shift(); folder !== undefined && left > 0; folder = folders.shift()) {
    const entries = [];
    for await (const entry of await opendir(folder)) {
      if (--left < 0) break;
      if (!SKIPPED.has(entry.name)) entries.push(entry);
    }
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) {
        const facts = await stat(path).catch(() => null);
        hash.update(JSON.stringify([path, facts?.size, facts?.mtimeMs]));
      }
    }
  }
  return hash.digest("hex");
}

/** The folder with the built index.html; throws `build-failed` when there is none. */
export async function builtSite(dir: string): Promise<string> {
  for (const name of ["dist", "build", "out", "_site", "public"]) {
    const folder = join(dir, name);
    if (await isFile(join(folder, "index.html"))) return folder;
    for (const below of await readdir(folder).catch(() => [])) {
      for (const place of [join(folder, below), join(folder, below, "browser")])
        if (await isFile(join(place, "index.html"))) return place;
    }
  }
  throw buildFailed("the build script made no index.html in dist, build or out");
}

const lastError = (lines: readonly string[]): string => {
  const plain = lines
    .filter((line) => !/^npm (?:ERR!|error|warn|notice)|^>|^\s*at /.test(line))
    .map((line) => stripVTControlCharacters(line).trim())
    .filter((line) => line !== "");
  return (plain.findLast((line) => /error/i.test(line)) ?? plain.at(-1) ?? "no output").slice(0, 300);
};
