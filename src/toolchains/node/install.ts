// Installs a project's packages where it lies, and only when that is needed.
import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import semver from "semver";
import type { BuildOrder } from "../../domain/toolchain.ts";
import { buildFailed, runStep } from "../build-step.ts";
import { isFolder, readText } from "../folder.ts";
import { inTurn } from "../in-turn.ts";
import { explainNode } from "./failure.ts";
import { type Keeping, keepPackages, takePackages } from "./kept-packages.ts";
import type { Package } from "./package-json.ts";
import { type Packager, packagerOf, packagerProgram } from "./packager.ts";
import { packagesKey } from "./packages-key.ts";
import type { Runtime } from "./runtime.ts";

/** Written last: says for which content the installation is complete. Plug'n'Play has no node_modules. */
const MARKERS = ["node_modules/.gantry-install", ".yarn/.gantry-install"];
/** Instead of the content: packages are there, but a script of the installation has failed, and must run again. */
const UNFINISHED = "unfinished";
/** Without a network npm's own pauses (10 s, then 60 s) would let people wait for minutes to hear of it. */
const BRIEF_RETRIES = {
  npm_config_fetch_retry_mintimeout: "1000",
  npm_config_fetch_retry_maxtimeout: "5000",
};

/** True when something had to be installed. */
export async function installPackages(
  order: BuildOrder,
  found: Package,
  runtime: Runtime,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<boolean> {
  if (Object.keys({ ...found.dependencies, ...found.development }).length === 0) return false;
  const manager = await packagerOf(order.dir, found);
  const key = keyOf(manager, found, runtime);
  const markers = MARKERS.map((name) => join(order.dir, name));
  return await inTurn(join(order.dir, "node_modules"), async () => {
    signal?.throwIfAborted();
    const texts = await Promise.all(markers.map((marker) => readText(marker)));
    if (texts.includes(key)) return false;
    if (!texts.includes(UNFINISHED) && (await isComplete(order.dir, manager, found))) return false;
    const keeping = await keepingFor(order, found, manager, runtime);
    if (keeping !== null && (await takePackages(keeping, signal))) {
      order.onProgress({
        stage: "dependencies",
        message: "packages are there, as an earlier release had them",
      });
      await mark(markers, key);
      return false;
    }
    await mark(markers, UNFINISHED);
    const program = await packagerProgram(
      manager,
      { dir: order.dir, toolsDir: order.toolsDir, env },
      order,
      signal,
    );
    const args = [...program.args, ...wordsOf(manager)];
    order.onProgress({
      stage: "dependencies",
      message: `${manager.name} ${wordsOf(manager)[0]}`,
    });
    const installEnv = { ...BRIEF_RETRIES, ...env, CI: "1", COREPACK_ENABLE_DOWNLOAD_PROMPT: "0" };
    const step = { stage: "dependencies", command: program.command, args, cwd: order.dir, env: installEnv };
    const result = await runStep(step, order, signal);
    const done = result.code === 0;
    await mark(markers, done ? key : UNFINISHED);
    if (!done) throw buildFailed(explainNode(result.lines, manager.name), result.lines);
    if (keeping !== null) await keep(keeping, order, signal);
    return true;
  });
}

/** Null for the owner's own folder, and where something is installed already: who knows by whom. */
async function keepingFor(
  order: BuildOrder,
  found: Package,
  manager: Packager,
  runtime: Runtime,
): Promise<Keeping | null> {
  if (order.isCopy !== true || (await isFolder(join(order.dir, "node_modules")))) return null;
  const key = await packagesKey(order.dir, found, manager, runtime);
  return key === null ? null : { dir: order.dir, envsDir: order.envsDir, key };
}

/** For others, or later: this build is done without it. */
async function keep(keeping: Keeping, order: BuildOrder, signal?: AbortSignal): Promise<void> {
  try {
    await keepPackages(keeping, signal);
  } catch (error) {
    signal?.throwIfAborted();
    const message = `these packages are not kept for later deploys: ${(error as Error).message}`;
    order.onProgress({ stage: "dependencies", message });
  }
}

/** Into the first folder that is there, and into no other. */
async function mark(markers: string[], text: string): Promise<void> {
  for (const marker of markers) await rm(marker, { force: true });
  for (const marker of markers) if (await isFolder(dirname(marker))) return await writeFile(marker, text);
}

function wordsOf(manager: Packager): string[] {
  const locked = manager.lock !== null;
  switch (manager.name) {
    case "pnpm":
      return ["install", locked ? "--frozen-lockfile" : "--no-lockfile"];
    case "yarn":
      if (manager.modern) return ["install", ...(locked ? ["--immutable"] : [])];
      return ["install", "--non-interactive", locked ? "--frozen-lockfile" : "--no-lockfile"];
    case "bun":
      return ["install", ...(locked ? ["--frozen-lockfile"] : [])];
    default:
      // Without a lock file none is written either: the folder is the owner's.
      return [
        ...(locked ? ["ci"] : ["install", "--no-package-lock"]),
        "--include=dev",
        "--no-audit",
        "--no-fund",
      ];
  }
}

const keyOf = (manager: Packager, found: Package, runtime: Runtime): string =>
  createHash("sha256")
    .update(
      JSON.stringify([manager.name, manager.lock?.text, found.installText, semver.major(runtime.version)]),
    )
    .digest("hex");

/** Are the packages that the person installed what the lock file, or package.json, asks for? */
async function isComplete(dir: string, manager: Packager, found: Package): Promise<boolean> {
  if (manager.name === "pnpm")
    return (
      manager.lock !== null &&
      (await readText(join(dir, "node_modules/.pnpm/lock.yaml"))) === manager.lock.text
    );
  if (manager.name !== "npm") return false;
  const installed = packagesOf(
    await readText(join(dir, "node_modules/.package-lock.json"), 32 * 1024 * 1024),
  );
  if (installed === null) return false;
  if (manager.lock === null) return satisfiesAll(installed, found);
  const wanted = packagesOf(manager.lock.text);
  return wanted !== null && locksAgree(wanted, installed);
}

interface Locked {
  version?: string;
  optional?: boolean;
  peer?: boolean;
  link?: boolean;
}

/** Path → package, from a package-lock.json of format 2 or later. */
function packagesOf(text: string | null): Map<string, Locked> | null {
  try {
    const packages = (JSON.parse(text ?? "") as { packages?: Record<string, Locked> }).packages;
    return packages ? new Map(Object.entries(packages).filter(([path]) => path !== "")) : null;
  } catch {
    return null;
  }
}

const locksAgree = (wanted: Map<string, Locked>, installed: Map<string, Locked>): boolean =>
  [...wanted].every(([path, { version, optional }]) => {
    const there = installed.get(path);
    return there === undefined ? optional === true : there.version === version;
  }) && [...installed.keys()].every((path) => wanted.has(path));

const satisfiesAll = (installed: Map<string, Locked>, found: Package): boolean =>
  Object.entries({ ...found.dependencies, ...found.development }).every(([name, range]) => {
    const version = installed.get(`node_modules/${name}`)?.version;
    if (version === undefined) return false;
    return semver.validRange(range) === null || semver.satisfies(version, range, { includePrerelease: true });
  });
