// Makes a Node project runnable: packages, build script, command line.
import { resolve } from "node:path";
import { readCommand } from "../../domain/command-line.ts";
import type { Build, BuildOrder } from "../../domain/toolchain.ts";
import { type PackagePolicy, readAllowList } from "../allow-list.ts";
import { buildFailed } from "../build-step.ts";
import { findProgram } from "../find-program.ts";
import { isFile } from "../folder.ts";
import { type OwnerCommand, ownerArgv, ownerCommand } from "../owner-command.ts";
import { toolEnvironment } from "../tool-env.ts";
import { builtSite, compileSources } from "./compile.ts";
import { completeServer, frameworkOf } from "./frameworks.ts";
import { installPackages } from "./install.ts";
import { type Package, readPackage } from "./package-json.ts";
import { packagerOf, packagerProgram } from "./packager.ts";
import { plugAndPlay } from "./plug-n-play.ts";
import { refusePackages } from "./refuse-packages.ts";
import { findRuntime, type Runtime, runtimePath } from "./runtime.ts";
import { innerScript, scriptLine } from "./start-line.ts";

export async function buildNode(
  order: BuildOrder,
  policy: PackagePolicy,
  signal?: AbortSignal,
): Promise<Build> {
  const read = await readPackage(order.dir);
  if (read?.error) throw buildFailed(read.error);
  const found = read?.package ?? null;
  const owner = await ownerCommand(order.dir, order.hints);
  if (owner) ownerArgv(owner, order);
  const runtime = await findRuntime(found?.engine ?? null, signal);
  const path = await runtimePath(order.dir, runtime);
  const env = { ...toolEnvironment(), PATH: path, NO_COLOR: "1" };
  const allowed = await readAllowList(policy);
  if (allowed !== null && found !== null) await refusePackages(allowed, order.dir, found, env);
  // Scripts of packages would build them from their source, or whatever else they like.
  const isOpen = allowed === null && policy.sourceBuilds;
  const installEnv = isOpen ? env : { ...env, npm_config_ignore_scripts: "true", YARN_ENABLE_SCRIPTS: "0" };
  const installed = found ? await installPackages(order, found, runtime, installEnv, signal) : false;
  const compiled = found ? await compileSources(order, found, frameworkOf(found), env, signal) : false;
  const reused = !installed && !compiled;
  if (order.detection.run === null && !owner)
    return { argv: [], env: {}, staticRoot: await builtSite(order.dir), reused };
  const line = lineOf(order, owner, found);
  const pnp = await plugAndPlay(order.dir);
  const argv =
    (await withProgram(line.argv, runtime, path, order.dir)) ??
    (pnp && found ? await viaYarn(line.argv, order, found, env, signal) : null);
  if (argv === null)
    throw buildFailed(
      `the program ${line.argv[0]} was not found, neither in node_modules nor on this machine`,
    );
  return { argv, env: { ...pnp, ...line.env, PATH: path }, staticRoot: null, reused };
}

interface Line {
  argv: string[];
  env: Record<string, string>;
}

function lineOf(order: BuildOrder, owner: OwnerCommand | null, found: Package | null): Line {
  if (!owner) return split(order.detection.run ?? "", order.args);
  const inner = owner.words && found ? innerScript(owner.words, found) : null;
  if (inner !== null && found && !(order.shell && owner.from === "run")) {
    const line = split(scriptLine(found, inner), order.args);
    return { argv: line.argv, env: { ...owner.env, ...line.env } };
  }
  return { argv: ownerArgv(owner, order, completeServer), env: owner.env };
}

function split(text: string, args: string[]): Line {
  const { words, env } = readCommand(text);
  const viaNpm = words?.[0] === "npm" && args.length > 0;
  return { argv: [...(words ?? []), ...(viaNpm ? ["--"] : []), ...args], env };
}

async function withProgram(
  argv: string[],
  runtime: Runtime,
  path: string,
  dir: string,
): Promise<string[] | null> {
  const [first = "", ...rest] = argv;
  if (first === "node") {
    const file = rest[0] ?? "";
    if (/^[^-].*\.[cm]?js$/.test(file) && !(await isFile(resolve(dir, file))))
      throw buildFailed(`node ${file}: there is no such file`);
    return [runtime.path, ...rest];
  }
  const program = await findProgram(first, path, dir);
  return program === null ? null : [program, ...rest];
}

/** Programs of packages that lie in no folder. */
async function viaYarn(
  argv: string[],
  order: BuildOrder,
  found: Package,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string[]> {
  const place = { dir: order.dir, toolsDir: order.toolsDir, env };
  const yarn = await packagerProgram(await packagerOf(order.dir, found), place, order, signal);
  return [yarn.command, ...yarn.args, "run", ...argv];
}
