// Makes and keeps the shared environments: one folder per content, complete or not there.
import { createHash } from "node:crypto";
import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GantryError } from "../../domain/errors.ts";
import type { AllowList } from "../allow-list.ts";
import { buildFailed, runStep, type StepOrder } from "../build-step.ts";
import { isFile } from "../folder.ts";
import { inTurn } from "../in-turn.ts";
import { type Asked, explainFailure, NO_NETWORK } from "./failure.ts";
import { allowedOnly, askWith, refuseEarly } from "./install-allowed.ts";
import type { InstallPlan } from "./install-plan.ts";
import type { Interpreter } from "./interpreter.ts";
import { pipEnvironment, uvEnvironment } from "./pip-config.ts";

export interface EnvironmentOrder extends StepOrder {
  dir: string;
  envsDir: string;
  interpreter: Interpreter;
  plan: InstallPlan;
  /** Servers that are needed besides what the project asks for, e.g. `uvicorn`. */
  servers: string[];
  /** Gives the path of uv, or null; asked only when something must be installed. */
  findUv: () => Promise<string | null>;
  /** What may be installed; null: everything. */
  allowed: AllowList | null;
  sourceBuilds: boolean;
}

export interface Environment {
  dir: string;
  python: string;
  reused: boolean;
}

/** Raised when the way in which environments are made changes: older ones are not taken up again. */
const LAYOUT = 1;
/** Written last: a folder without it was cut short. */
const COMPLETE = ".complete";
/** Runs a module with this environment's packages behind those of another one. */
const OVERLAY = "run_with_overlay.py";
const OVERLAY_SCRIPT = `import os, runpy, sys
here = os.path.dirname(os.path.abspath(__file__))
sys.path[0] = os.getcwd()
version = "python%d.%d" % sys.version_info[:2]
sys.path.append(os.path.join(here, "lib", version, "site-packages"))
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
`;

/** The environment for this content: there already, or made now. A failed or aborted one leaves nothing. */
export async function ensureEnvironment(order: EnvironmentOrder, signal?: AbortSignal): Promise<Environment> {
  const dir = environmentDir(order);
  const made = { dir, python: join(dir, "bin", "python") };
  return await inTurn(dir, async () => {
    signal?.throwIfAborted();
    if ((await isFile(join(dir, COMPLETE))) && (await isFile(made.python))) {
      await utimes(dir, new Date(), new Date()).catch(() => {});
      return { ...made, reused: true };
    }
    await rm(dir, { recursive: true, force: true });
    await mkdir(order.envsDir, { recursive: true, mode: 0o700 });
    try {
      await make(dir, order, signal);
      await writeFile(join(dir, OVERLAY), OVERLAY_SCRIPT);
      await writeFile(join(dir, COMPLETE), `${new Date().toISOString()}\n`);
      return { ...made, reused: false };
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
  });
}

/** What makes an environment what it is, and where it lies. */
export type Content = Pick<
  EnvironmentOrder,
  "envsDir" | "interpreter" | "plan" | "servers" | "allowed" | "sourceBuilds"
>;

const environmentDir = (content: Content): string => join(content.envsDir, `python-${keyOf(content)}`);

/** Where the environment for this content lies; null where nobody has made it yet. */
export async function findEnvironment(content: Content): Promise<string | null> {
  const dir = environmentDir(content);
  return (await isFile(join(dir, COMPLETE))) ? dir : null;
}

/** The script by which `overlay`'s tools run in another environment. */
export const overlayScript = (overlay: Environment): string => join(overlay.dir, OVERLAY);

function keyOf(order: Content): string {
  const { path, version } = order.interpreter;
  const what = [
    LAYOUT,
    process.platform,
    process.arch,
    path,
    version,
    order.plan.facts,
    order.servers.toSorted(),
    // What was installed under another rule is not taken up.
    ...(order.allowed === null ? [] : ["allowed", order.allowed.facts]),
    ...(order.sourceBuilds ? [] : ["wheels"]),
  ];
  return createHash("sha256").update(JSON.stringify(what)).digest("hex").slice(0, 24);
}

async function make(dir: string, order: EnvironmentOrder, signal?: AbortSignal): Promise<void> {
  const uv = await order.findUv();
  const { version, path } = order.interpreter;
  order.onProgress({ stage: "environment", message: `making an environment for Python ${version}` });
  const env = uv === null ? pipEnvironment() : await uvEnvironment();
  const python = join(dir, "bin", "python");
  const step: Run = async (command, args, asked, more = {}) => {
    const stage = asked === NOTHING ? "environment" : "dependencies";
    const quiet = asked === NOTHING;
    // With a list nothing that the project says of indexes counts.
    const cwd = order.allowed === null || args[0] === "export" ? order.dir : order.envsDir;
    const toRun = { stage, command, args, cwd, env: { ...env, ...more }, quiet };
    const result = await runStep(toRun, order, signal);
    if (result.code === 0) return result.stdout;
    const { reason, hint } = await explainFailure(result.lines, asked);
    throw buildFailed(reason, result.lines, hint);
  };
  const wheels = order.sourceBuilds ? [] : ["--only-binary", ":all:"];
  if (uv === null) {
    if (order.plan.uvLock)
      order.onProgress({
        stage: "dependencies",
        message: "without uv the versions of uv.lock can't be used",
      });
    await refuseEarly(order, null);
    await step(path, ["-m", "venv", dir], NOTHING);
    const install = async (args: string[]) => {
      await step(python, ["-m", "pip", "install", "--compile", ...wheels, ...args], order.plan);
    };
    const ask = askWith(order, { command: python, head: ["-m", "pip"], env, dir }, signal);
    await installPlan(
      dir,
      order,
      null,
      order.allowed === null ? install : allowedOnly(dir, order, ask, false, install),
    );
    return;
  }
  await refuseEarly(order, null);
  await step(uv, ["venv", "--no-project", "--python", path, dir], NOTHING);
  const project = { UV_PROJECT_ENVIRONMENT: dir, UV_PYTHON: python };
  const exported = order.plan.uvLock ? await step(uv, EXPORT, order.plan, project) : null;
  if (exported !== null) await refuseEarly(order, exported);
  const head = ["pip", "install", "--python", python, "--compile-bytecode", ...wheels];
  const install = async (args: string[]) => {
    await orOffline((more) => step(uv, [...head, ...more, ...args], order.plan));
  };
  const ask = askWith(order, { command: uv, head: [], env, dir }, signal);
  await installPlan(
    dir,
    order,
    exported,
    order.allowed === null ? install : allowedOnly(dir, order, ask, true, install),
  );
}

type Run = (command: string, args: string[], asked: Asked, more?: NodeJS.ProcessEnv) => Promise<string>;

const NOTHING: Asked = { source: null, files: [] };

/** Without a network, what uv has downloaded before may be enough. */
async function orOffline(install: (more: string[]) => Promise<unknown>): Promise<void> {
  try {
    await install([]);
  } catch (error) {
    if (!(error instanceof GantryError) || !error.message.startsWith(NO_NETWORK)) throw error;
    await install(["--offline"]).catch(() => {
      throw error;
    });
  }
}

const EXPORT = [
  ..."export --frozen --no-dev --no-emit-project --no-hashes --no-annotate --no-header".split(" "),
  "--format=requirements-txt",
];

/** A locked list as it is and the servers after it; anything else in one go, so that all versions fit together. */
async function installPlan(
  dir: string,
  order: EnvironmentOrder,
  exported: string | null,
  install: (args: string[]) => Promise<void>,
): Promise<void> {
  const { plan, servers } = order;
  const args = plan.files.flatMap((file) => ["-r", file]);
  const lines = exported === null ? plan.lines : exported.split("\n");
  if (lines.length > 0) {
    const list = join(dir, "requirements.gantry.txt");
    await writeFile(list, `${lines.join("\n")}\n`);
    args.push("-r", list);
  }
  if (plan.project) args.push(order.dir);
  const locked = plan.locked || exported !== null;
  if (locked && args.length > 0) {
    await install(plan.files.length > 0 ? args : ["--no-deps", ...args]);
    if (servers.length > 0) await install(servers);
  } else if (args.length + servers.length > 0) {
    await install([...args, ...servers]);
  }
}
