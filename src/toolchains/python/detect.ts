// Finds what is runnable in a folder of Python code.
import { basename, join } from "node:path";
import type { Detection, Hints } from "../../domain/toolchain.ts";
import { isFile } from "../folder.ts";
import { type OwnerCommand, ownerCommand } from "../owner-command.ts";
import { appOfEntry } from "./entry.ts";
import { type FoundApp, type Inspection, NOTHING_FOUND, type PythonChecker } from "./inspect.ts";
import { findInterpreter, wishOf } from "./interpreter.ts";
import { findScript, scriptDetection } from "./scripts.ts";
import { checkOf, entryOf, serveLine } from "./serve-line.ts";
import { readLine } from "./tools.ts";

/** Files that say "this is a Python project", the ones that decide what is installed first. */
export const PROJECT_FILES = [
  "uv.lock",
  "poetry.lock",
  "Pipfile.lock",
  "requirements.txt",
  "pyproject.toml",
  "setup.py",
  "setup.cfg",
  "Pipfile",
  "manage.py",
];

export async function detectPython(
  checker: PythonChecker,
  dir: string,
  hints: Hints,
  signal?: AbortSignal,
): Promise<Detection | null> {
  const owner = await ownerCommand(dir, hints);
  const project = await projectFile(dir);
  const line = owner ? readLine(owner.words ?? owner.text.split(/\s+/)) : null;
  if (owner && line === null && project === null) return null;

  const wish = await wishOf(dir);
  const { fitting, any } = await findInterpreter(wish, signal);
  const python = fitting ?? any;
  const inspection = python ? await checker.inspect(dir, python.path, signal) : NOTHING_FOUND;
  const facts = [...(project ? [project] : []), ...errorsOf(inspection)];
  if (!python) facts.push("Python 3 was not found on this machine");

  if (owner) return ownDetection(owner, inspection, facts, project !== null);
  if (hints.entry !== null) {
    const app = await appOfEntry(dir, hints.entry, inspection);
    return app && appDetection(app, [`entry ${hints.entry}`, ...facts], 0.99);
  }
  const script = await findScript(dir, inspection);
  const app = bestApp(inspection);
  if (app?.framework === "django" && inspection.djangoStatic) facts.push(STATIC_FILES);
  if (app && !(script?.kind && script.file === app.file))
    return { ...appDetection(app, facts, project ? 0.95 : 0.9), ...(!project && partOf(app, inspection)) };
  return script && scriptDetection(script, inspection, facts, project !== null);
}

/** The folder with dependencies of its own in which the app lies. */
function partOf({ file }: FoundApp, { projects }: Inspection): Pick<Detection, "part"> {
  const part = projects.find((folder) => file.startsWith(`${folder}/`));
  return part === undefined ? {} : { part };
}

const STATIC_FILES = "static files are served while DEBUG is on; without it they need whitenoise";

/** The best one; a Django project has two, and ASGI is for those that use channels. */
function bestApp(inspection: Inspection): FoundApp | undefined {
  const first = inspection.apps[0];
  if (first?.framework !== "django") return first;
  const kind = inspection.djangoAsgi ? "asgi" : "wsgi";
  return inspection.apps.find((app) => app.framework === "django" && app.kind === kind) ?? first;
}

async function projectFile(dir: string): Promise<string | null> {
  for (const name of PROJECT_FILES) if (await isFile(join(dir, name))) return name;
  return null;
}

const errorsOf = (inspection: Inspection): string[] => {
  const found = inspection.errors
    .slice(0, 5)
    .map((error) => `syntax error in ${error.file}:${error.line}: ${error.message}`);
  return inspection.truncated ? [...found, "the folder is large: not all files were read"] : found;
};

function appDetection(app: FoundApp, facts: string[], confidence: number): Detection {
  const what = app.framework ? (NAMES[app.framework] ?? app.framework) : app.kind.toUpperCase();
  const found = `${what} ${app.factory ? "factory" : "app"} in ${app.file}:${app.line}`;
  return {
    toolchain: "python",
    framework: app.framework,
    entry: entryOf(app),
    run: serveLine(app),
    listens: "required",
    check: checkOf(app),
    evidence: [found, ...facts],
    confidence,
  };
}

const NAMES: Record<string, string> = {
  fastapi: "FastAPI",
  flask: "Flask",
  django: "Django",
  starlette: "Starlette",
  quart: "Quart",
  litestar: "Litestar",
  sanic: "Sanic",
  bottle: "Bottle",
  falcon: "Falcon",
};

/** The owner's own command: the code only tells the framework, and the health route where there is one. */
function ownDetection(
  owner: OwnerCommand,
  inspection: Inspection,
  facts: string[],
  isProject: boolean,
): Detection {
  const words = owner.words ?? owner.text.split(/\s+/);
  const line = readLine(words);
  const serves = line?.tool
    ? line.tool.serves
    : words.some((word) =>
        /^(?:uvicorn|gunicorn|hypercorn|daphne|runserver|streamlit)$/.test(basename(word)),
      );
  const named = words
    .map((word) => /^([A-Za-z_][\w.]*):/.exec(word)?.[1])
    .find((module) => module !== undefined);
  const app = inspection.apps.find((found) => found.module === named);
  const framework = app?.framework ?? bestApp(inspection)?.framework ?? line?.name ?? null;
  const health = (serves && app?.health) || null;
  return {
    toolchain: "python",
    framework: serves ? framework : null,
    entry: null,
    run: owner.text,
    listens: serves ? "required" : "optional",
    check: health !== null || line?.name === "gunicorn" ? { type: "http", path: health ?? "/" } : null,
    evidence: [...owner.evidence, ...facts],
    confidence: line === null ? 0.6 : isProject || inspection.files.length > 0 ? 0.95 : 0.8,
  };
}
