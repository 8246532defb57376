// Makes a Node project runnable: packages, build script, command line.
import type { Build, BuildOrder } from "../../domain/toolchain.ts";
import { buildFailed } from "../build-step.ts";
import { findProgram } from "../find-program.ts";
import { type OwnerCommand, ownerArgv, ownerCommand, readCommand } from "../owner-command.ts";
import { toolEnvironment } from "../tool-env.ts";
import { builtSite, compileSources } from "./compile.ts";
import { completeServer, frameworkOf } from "./frameworks.ts";
import { installPackages } from "./install.ts";
import { type Package, readPackage } from "./package-json.ts";
import { findRuntime, type Runtime, runtimePath } from "./runtime.ts";
import { innerScript, scriptLine } from "./start-line.ts";

export async function buildNode(order: BuildOrder, signal?: AbortSignal): Promise<Build> {
  const read = await readPackage(order.dir);
  if (read?.error) throw buildFailed(read.error);
  const found = read?.package ?? null;
  const owner = await ownerCommand(order.dir, order.hints);
  if (owner) ownerArgv(owner, order);
  const runtime = await findRuntime(found?.engine ?? null, signal);
  const path = await runtimePath(order.dir, runtime);
  const env = { ...toolEnvironment(), PATH: path, NO_COLOR: "1" };
  const installed = found ? await installPackages(order, found, runtime, env, signal) : false;
  const compiled = found ? await compileSources(order, found, frameworkOf(found), env, signal) : false;
  const reused = !installed && !compiled;
  if (order.detection.run === null && !owner)
    return { argv: [], env: {}, staticRoot: await builtSite(order.dir), reused };
  const line = lineOf(order, owner, found);
  const argv = await withProgram(line.argv, runtime, path, order.dir);
  return { argv, env: { ...line.env, PATH: path }, staticRoot: null, reused };
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

async function withProgram(argv: string[], runtime: Runtime, path: string, dir: string): Promise<string[]> {
  const [first = "", ...rest] = argv;
  if (first === "node") return [runtime.path, ...rest];
  const program = await findProgram(first, path, dir);
  if (program === null)
    throw buildFailed(`the program ${first} was not found, neither in node_modules nor on this machine`);
  return [program, ...rest];
}
