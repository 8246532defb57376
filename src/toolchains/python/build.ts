// Makes a Python project runnable: environment, server, command line.
import { delimiter, join, resolve } from "node:path";
import { splitWords } from "../../domain/split-words.ts";
import type { Build, BuildOrder } from "../../domain/toolchain.ts";
import { type AllowList, ANYTHING, type PackagePolicy, readAllowList } from "../allow-list.ts";
import { buildFailed } from "../build-step.ts";
import { findProgram } from "../find-program.ts";
import { isFile } from "../folder.ts";
import { type OwnerCommand, ownerArgv, ownerCommand } from "../owner-command.ts";
import { personalPath } from "../tool-env.ts";
import { djangoServer } from "./django-server.ts";
import { entryFile, lineOf, serversOf } from "./entry-file.ts";
import { ensureEnvironment, overlayScript } from "./environment.ts";
import type { Inspection, PythonChecker } from "./inspect.ts";
import { planInstall } from "./install-plan.ts";
import { findInterpreter, type Interpreter, wishOf } from "./interpreter.ts";
import { findOwnEnvironment } from "./own-environment.ts";
import { completeLine, type PythonLine, readLine } from "./tools.ts";
import { findUv } from "./uv.ts";

export interface PythonOptions {
  /** False: environments are made with venv and pip alone. */
  uv: boolean;
  /** What may be installed. Default: anything. */
  policy?: PackagePolicy;
}

/** What the command line runs on. */
interface Ground {
  python: string;
  /** Of a virtual environment; null for the machine's Python as it is. */
  dir: string | null;
  reused: boolean;
  /** Put between Python and a module that only another environment has. */
  overlay: string | null;
}

export async function buildPython(
  order: BuildOrder,
  options: PythonOptions & { checker: PythonChecker },
  signal?: AbortSignal,
): Promise<Build> {
  const owner = await ownerCommand(order.dir, order.hints);
  const line = lineOf(order, owner);
  // Refuses a line that needs a shell before anything is installed.
  if (owner) ownerArgv(owner, order);
  const wish = await wishOf(order.dir);
  const { fitting, any } = await findInterpreter(wish, signal);
  const { policy = ANYTHING } = options;
  const allowed = await readAllowList(policy);
  // Nobody knows how the project's own environment came about.
  const isOpen = allowed === null && policy.sourceBuilds;
  const own = isOpen ? await findOwnEnvironment(order.dir, modulesOf(order, line), signal) : null;
  const python = own ? { path: own.python, version: own.version } : fitting;
  if (!python) throw noPython(wish.requires, any);

  const inspection = await options.checker.inspect(order.dir, python.path, signal);
  const entry = await entryFile(order, line, inspection);
  await refuseBroken(order.dir, line?.script ?? null, entry?.file ?? null, inspection);
  const servers = serversOf(line, entry?.file ?? null, inspection);

  const usable = own !== null && frameworkThere(order, own.modules);
  if (own !== null && !usable) {
    const message = `the project's own environment lacks ${order.detection.framework}: using one of Gantry's`;
    order.onProgress({ stage: "environment", message });
  }
  const makeOrder = {
    ...order,
    interpreter: usable || !fitting ? python : fitting,
    servers,
    allowed,
    sourceBuilds: policy.sourceBuilds,
    findUv: async () => (options.uv ? await findUv(order.toolsDir, fitting ?? python, order, signal) : null),
  };
  const ground = usable
    ? await onOwn(own, line, makeOrder, signal)
    : await onShared(makeOrder, entry, inspection, signal);
  if (owner || !entry || !("kind" in entry) || entry.framework !== "django")
    return finish(order, owner, line, ground);
  const { run, env } = await djangoServer(entry, order.toolsDir);
  return finish(order, null, readLine(splitWords(run)), ground, env);
}

/** The modules that decide whether the project's own environment will do. */
const modulesOf = (order: BuildOrder, line: PythonLine | null): string[] =>
  [line?.name, order.detection.framework].filter((name): name is string => typeof name === "string");

/** Frameworks whose module has the framework's name. */
const frameworkThere = (order: BuildOrder, modules: string[]): boolean =>
  order.detection.framework === null || modules.includes(order.detection.framework);

function noPython(requires: string | null, any: Interpreter | null) {
  if (any === null || requires === null)
    return buildFailed("Python 3.8 or newer was not found on this machine", [], "Install python3.");
  return buildFailed(
    `the project asks for Python ${requires}, but this machine has ${any.version}`,
    [],
    "Install a Python that fits, so that it is found on PATH as python3.x.",
  );
}

async function refuseBroken(
  dir: string,
  script: string | null,
  entry: string | null,
  inspection: Inspection,
): Promise<void> {
  const error = inspection.errors.find(({ file }) => file === entry);
  if (error) throw buildFailed(`${error.file}:${error.line}: ${error.message}`);
  if (script !== null && !(await isFile(resolve(dir, script))))
    throw buildFailed(`python ${script}: there is no such file`);
}

type MakeOrder = BuildOrder & {
  interpreter: Interpreter;
  servers: string[];
  findUv: () => Promise<string | null>;
  allowed: AllowList | null;
  sourceBuilds: boolean;
};

async function onOwn(
  own: { dir: string; python: string; modules: string[] },
  line: PythonLine | null,
  order: MakeOrder,
  signal?: AbortSignal,
): Promise<Ground> {
  const ground = { python: own.python, dir: own.dir, reused: true, overlay: null };
  const missing = order.servers.length > 0 && line?.name && !own.modules.includes(line.name);
  if (!missing) return ground;
  order.onProgress({
    stage: "environment",
    message: `${line.name} is added to the project's own environment from outside`,
  });
  const plan = {
    source: null,
    files: [],
    lines: [],
    locked: false,
    uvLock: false,
    project: false,
    facts: [],
  };
  const overlay = await ensureEnvironment({ ...order, plan }, signal);
  return { ...ground, reused: overlay.reused, overlay: overlayScript(overlay) };
}

async function onShared(
  order: MakeOrder,
  entry: { file: string; base: string } | null,
  inspection: Inspection,
  signal?: AbortSignal,
): Promise<Ground> {
  const plan = await planInstall(
    order.dir,
    entry?.base ?? "",
    entry?.file ?? null,
    inspection,
    order.interpreter.version,
  );
  if (plan.source === "imports")
    order.onProgress({
      stage: "dependencies",
      message: `no requirements file: installing what is imported: ${plan.lines.join(", ")}`,
    });
  const nothing = plan.files.length + plan.lines.length + order.servers.length === 0 && !plan.project;
  if (nothing) return { python: order.interpreter.path, dir: null, reused: true, overlay: null };
  const made = await ensureEnvironment({ ...order, plan }, signal);
  return { python: made.python, dir: made.dir, reused: made.reused, overlay: null };
}

async function finish(
  order: BuildOrder,
  owner: OwnerCommand | null,
  line: PythonLine | null,
  ground: Ground,
  more: Record<string, string> = {},
): Promise<Build> {
  const bin = ground.dir === null ? null : join(ground.dir, "bin");
  const path = [...(bin ? [bin] : []), personalPath()].join(delimiter);
  const words = owner
    ? ownerArgv(owner, order, (given) => (line ? completeLine(line) : given))
    : [...(line ? completeLine(line) : []), ...order.args];
  const argv = await programOf(words, line, ground, path, order.dir);
  const env: Record<string, string> = { ...owner?.env, ...more, PATH: path, PYTHONUNBUFFERED: "1" };
  if (ground.dir !== null) env.VIRTUAL_ENV = ground.dir;
  // Else an `app.run()` that nothing guards starts a second server while gunicorn loads the application, and never returns.
  if (order.detection.framework === "flask" && line?.name === "gunicorn") env.FLASK_RUN_FROM_CLI = "true";
  if (order.detection.framework === "gradio")
    Object.assign(env, { GRADIO_SERVER_NAME: "$HOST", GRADIO_SERVER_PORT: "$PORT" });
  return { argv, env, staticRoot: null, reused: ground.reused };
}

/** The words with the environment's own Python or program in front. */
async function programOf(
  words: string[],
  line: PythonLine | null,
  ground: Ground,
  path: string,
  cwd: string,
): Promise<string[]> {
  const [first = "", ...rest] = words;
  if (first === "/bin/sh") return words;
  if (/^python(?:3(?:\.\d+)?)?$/.test(first)) return [ground.python, ...overlaid(rest, ground)];
  if (line?.name && line.head[0] === first && RUNNABLE.has(line.name)) {
    const module = ground.overlay === null ? ["-m", line.name] : [ground.overlay, line.name];
    return [ground.python, ...module, ...rest];
  }
  return [(await findProgram(first, path, cwd)) ?? first, ...rest];
}

const overlaid = (rest: string[], ground: Ground): string[] =>
  rest[0] === "-m" && ground.overlay !== null ? [ground.overlay, ...rest.slice(1)] : rest;

/** Tools that run as `python -m`, also when the environment was moved or its scripts are missing. */
const RUNNABLE = new Set([
  "uvicorn",
  "gunicorn",
  "hypercorn",
  "daphne",
  "granian",
  "waitress",
  "flask",
  "streamlit",
]);
