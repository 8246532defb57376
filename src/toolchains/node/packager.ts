// npm, pnpm or yarn: which one a project uses, and where its program is.
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../../lib/run-command.ts";
import { buildFailed, runStep, type StepOrder } from "../build-step.ts";
import { findProgram } from "../find-program.ts";
import { isFile, readText } from "../folder.ts";
import { inTurn } from "../in-turn.ts";
import { explainNode } from "./failure.ts";
import type { Package } from "./package-json.ts";

type PackagerName = "npm" | "pnpm" | "yarn" | "bun";

/** Lock file → who wrote it. */
export const LOCKS: Record<string, PackagerName> = {
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
  "bun.lock": "bun",
  "package-lock.json": "npm",
  "npm-shrinkwrap.json": "npm",
};

export interface Packager {
  name: PackagerName;
  /** The lock file's name and text; null when there is none. */
  lock: { name: string; text: string } | null;
  /** As `packageManager` says, or as the lock file's format asks for; a semver range for npm. */
  version: string;
  /** Yarn 2 and later. */
  modern: boolean;
}

export async function packagerOf(dir: string, found: Package): Promise<Packager> {
  const wanted = /^(npm|pnpm|yarn|bun)@(\d+\.\d+\.\d+[\w.-]*)/.exec(found.manager ?? "");
  for (const [name, manager] of Object.entries(LOCKS)) {
    if (wanted?.[1] && wanted[1] !== manager) continue;
    const text = await readText(join(dir, name), 32 * 1024 * 1024);
    if (text === null) continue;
    const version = wanted?.[2] ?? versionFor(manager, text);
    return {
      name: manager,
      lock: { name, text },
      version,
      modern: manager === "yarn" && !version.startsWith("1"),
    };
  }
  const name = (wanted?.[1] ?? "npm") as PackagerName;
  const version = wanted?.[2] ?? "latest";
  return { name, lock: null, version, modern: name === "yarn" && !version.startsWith("1") };
}

function versionFor(manager: PackagerName, lock: string): string {
  if (manager === "yarn") return /^# yarn lockfile v1/m.test(lock) ? "1" : "4";
  if (manager !== "pnpm") return "latest";
  const format = /^lockfileVersion:\s*'?(\d+)/m.exec(lock)?.[1];
  return format === "5" ? "7" : format === "6" ? "8" : "10";
}

/** What runs the manager: a program, and for those that are scripts the words before its own. */
export interface PackagerProgram {
  command: string;
  args: string[];
}

/** The manager's program: the project's own, the person's, else fetched from the registry into `toolsDir`. */
export async function packagerProgram(
  manager: Packager,
  place: { dir: string; toolsDir: string; env: NodeJS.ProcessEnv },
  order: StepOrder,
  signal?: AbortSignal,
): Promise<PackagerProgram> {
  const path = place.env.PATH ?? "";
  const npm = await findProgram("npm", path);
  const onPath = await findProgram(manager.name, path);
  if (manager.name === "npm" || manager.name === "bun") {
    if (onPath === null)
      throw buildFailed(`${manager.name} was not found on this machine`, [], `Install ${manager.name}.`);
    return { command: onPath, args: [] };
  }
  const own = await yarnPath(place.dir);
  if (manager.modern && own !== null) return { command: "node", args: [own] };
  if (onPath !== null && (await majorOf(onPath, place, signal)) === manager.version.split(".")[0])
    return { command: onPath, args: [] };
  if (npm === null) throw buildFailed("npm was not found on this machine", [], "Install Node.js with npm.");
  return { command: await fetched(manager, npm, place, order, signal), args: [] };
}

/** The yarn that the project brings along. */
async function yarnPath(dir: string): Promise<string | null> {
  const settings = await readText(join(dir, ".yarnrc.yml"), 64 * 1024);
  const path = /^yarnPath:\s*["']?([^"'\s]+)/m.exec(settings ?? "")?.[1];
  return path && (await isFile(join(dir, path))) ? join(dir, path) : null;
}

/** Asked outside of the project, where a wrapper might fetch another version. */
async function majorOf(
  program: string,
  place: { env: NodeJS.ProcessEnv },
  signal?: AbortSignal,
): Promise<string> {
  try {
    const env = { ...place.env, COREPACK_ENABLE_NETWORK: "0" };
    const result = await runCommand(program, ["--version"], { cwd: "/", env, signal, timeoutMs: 10_000 });
    return result.code === 0 ? (result.stdout.trim().split(".")[0] ?? "") : "";
  } catch {
    signal?.throwIfAborted();
    return "";
  }
}

async function fetched(
  manager: Packager,
  npm: string,
  place: { toolsDir: string; env: NodeJS.ProcessEnv },
  order: StepOrder,
  signal?: AbortSignal,
): Promise<string> {
  const folder = join(place.toolsDir, `${manager.name}-${manager.version}`);
  const program = join(folder, "node_modules/.bin", manager.name);
  return await inTurn(folder, async () => {
    if (await isFile(program)) return program;
    const package_ = manager.modern ? "@yarnpkg/cli-dist" : manager.name;
    order.onProgress({ stage: "environment", message: `fetching ${manager.name} ${manager.version}` });
    await mkdir(place.toolsDir, { recursive: true, mode: 0o700 });
    const half = await mkdtemp(join(place.toolsDir, `.${manager.name}-`));
    try {
      const args = ["install", "--prefix", half, "--no-audit", "--no-fund", `${package_}@${manager.version}`];
      const step = { stage: "environment", command: npm, args, cwd: half, env: place.env, quiet: true };
      const result = await runStep(step, order, signal);
      if (result.code !== 0) throw buildFailed(explainNode(result.lines, manager.name), result.lines);
      await rm(folder, { recursive: true, force: true });
      await rename(half, folder);
      return program;
    } finally {
      await rm(half, { recursive: true, force: true });
    }
  });
}
