// Which Node runs a person's apps: their own, else the one that runs Gantry.
import { delimiter, dirname, join } from "node:path";
import semver from "semver";
import { runCommand } from "../../lib/run-command.ts";
import { buildFailed } from "../build-step.ts";
import { findProgram } from "../find-program.ts";
import { personalPath, toolEnvironment } from "../tool-env.ts";

export interface Runtime {
  path: string;
  version: string;
}

/** The first Node that satisfies `engines.node`; throws `build-failed` when none does. */
export async function findRuntime(engine: string | null, signal?: AbortSignal): Promise<Runtime> {
  const personal = await findProgram("node", personalPath());
  const there: Runtime[] = [];
  for (const path of new Set([personal ?? process.execPath, process.execPath])) {
    const version = path === process.execPath ? process.versions.node : await versionOf(path, signal);
    if (version !== null) there.push({ path, version });
  }
  const range = engine === null || semver.validRange(engine) === null ? "*" : engine;
  const fitting = there.find(({ version }) => semver.satisfies(version, range, { includePrerelease: true }));
  if (fitting) return fitting;
  const have = there.map(({ version }) => version).join(" and ") || "none";
  throw buildFailed(
    `package.json asks for Node ${engine}, but this machine has ${have}`,
    [],
    `Install Node ${engine}.`,
  );
}

async function versionOf(path: string, signal?: AbortSignal): Promise<string | null> {
  try {
    const options = { cwd: "/", env: toolEnvironment(), signal, timeoutMs: 10_000 };
    const result = await runCommand(path, ["--version"], options);
    return semver.valid(result.stdout.trim());
  } catch {
    signal?.throwIfAborted();
    return null;
  }
}

/** The project's programs first, then the chosen Node where PATH has another one, then the person's PATH. */
export async function runtimePath(dir: string, runtime: Runtime): Promise<string> {
  const usual = (await findProgram("node", personalPath())) === runtime.path;
  return [join(dir, "node_modules/.bin"), ...(usual ? [] : [dirname(runtime.path)]), personalPath()].join(
    delimiter,
  );
}
