// Gets hold of uv: the person's own, else one that Gantry fetches for itself from the package index.
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../lib/run-command.ts";
import { runStep, type StepOrder } from "../build-step.ts";
import { findProgram } from "../find-program.ts";
import { inTurn } from "../in-turn.ts";
import { personalPath, toolEnvironment } from "../tool-env.ts";
import type { Interpreter } from "./interpreter.ts";
import { pipEnvironment, uvEnvironment } from "./pip-config.ts";

const FETCH = fileURLToPath(new URL("./fetch_uv.py", import.meta.url));
/** After a failure it is not tried again for this long, in milliseconds. */
const PAUSE_MS = 10 * 60_000;
const failures = new Map<string, number>();

/** The path of a uv that runs; null when there is none and none can be had (no network): then pip does the work. */
export async function findUv(
  toolsDir: string,
  python: Interpreter,
  order: StepOrder,
  signal?: AbortSignal,
): Promise<string | null> {
  const onPath = await findProgram("uv", personalPath());
  if (onPath !== null && (await runs(onPath, signal))) return onPath;
  const own = join(toolsDir, "uv", "bin", "uv");
  return await inTurn(own, async () => {
    if (await runs(own, signal)) return own;
    const failedAt = failures.get(toolsDir);
    if (failedAt !== undefined && performance.now() - failedAt < PAUSE_MS) return null;
    order.onProgress({ stage: "environment", message: "fetching uv" });
    if ((await fetchUv(toolsDir, python, order, signal)) && (await runs(own, signal))) return own;
    failures.set(toolsDir, performance.now());
    return null;
  });
}

async function runs(path: string, signal?: AbortSignal): Promise<boolean> {
  try {
    const result = await runCommand(path, ["--version"], {
      cwd: "/",
      env: toolEnvironment(),
      signal,
      timeoutMs: 10_000,
    });
    return result.code === 0 && result.stdout.startsWith("uv ");
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

/** By pip, which knows this machine's index and certificates; without pip by a few lines of Python. */
async function fetchUv(
  toolsDir: string,
  python: Interpreter,
  order: StepOrder,
  signal?: AbortSignal,
): Promise<boolean> {
  await mkdir(toolsDir, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(toolsDir, ".uv-"));
  const pip = [
    "-m",
    "pip",
    "install",
    "--no-deps",
    "--only-binary",
    ":all:",
    "--retries",
    "1",
    "--target",
    folder,
    "uv",
  ];
  try {
    const env = { ...(await uvEnvironment()), ...pipEnvironment() };
    for (const args of [pip, ["-I", FETCH, folder]]) {
      const step = {
        stage: "environment",
        command: python.path,
        args,
        cwd: "/",
        env,
        quiet: true,
      };
      const result = await runStep(step, order, signal);
      if (result.code !== 0) continue;
      await rm(join(toolsDir, "uv"), { recursive: true, force: true });
      await rename(folder, join(toolsDir, "uv"));
      return true;
    }
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
