// What must be installed for a project, and where that is written.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readText } from "../folder.ts";
import { inferredRequirements } from "./inferred.ts";
import type { Inspection } from "./inspect.ts";
import { pipfileLines, pipfileLockLines } from "./pipfile.ts";
import { poetryLockLines } from "./poetry-lock.ts";
import { pyprojectLines } from "./pyproject.ts";
import { readRequirements } from "./requirements.ts";

export interface InstallPlan {
  /** For people: `requirements.txt`, `poetry.lock`…; null when nothing is asked for. */
  source: string | null;
  /** Absolute paths of requirements files. */
  files: string[];
  /** Requirements, one a line (PEP 508). */
  lines: string[];
  /** They are complete and exact: nothing is resolved. */
  locked: boolean;
  /** `uv export` knows the exact versions. */
  uvLock: boolean;
  /** The project itself must be installed: only running its set-up tells what it needs. */
  project: boolean;
  /** Everything that decides what comes out: two plans with equal facts make the same environment. */
  facts: string[];
}

const EMPTY: InstallPlan = {
  source: null,
  files: [],
  lines: [],
  locked: false,
  uvLock: false,
  project: false,
  facts: [],
};

const REQUIREMENTS = [
  "requirements.txt",
  "requirements/production.txt",
  "requirements/prod.txt",
  "requirements/base.txt",
  "requirements/main.txt",
  "requirements/requirements.txt",
  "requirements-prod.txt",
  "requirements.in",
];

/** The plan of the most exact source there is; the folders on the way down to the application may have their own. */
export async function planInstall(
  dir: string,
  base: string,
  entryFile: string | null,
  inspection: Inspection,
  pythonVersion: string,
): Promise<InstallPlan> {
  const places = new Set(["", base, ...foldersAbove(entryFile ?? "")].map((folder) => join(dir, folder)));
  for (const place of places) {
    const plan =
      (await fromLock(place, pythonVersion)) ??
      (await fromRequirements(place)) ??
      (await fromProject(place, place === dir ? inspection : null));
    if (plan) return plan;
  }
  return await inferred(dir, entryFile, inspection);
}

/** Of `services/api/app/main.py`: `services/api/app`, `services/api`, `services`. */
function foldersAbove(file: string): string[] {
  const parts = file.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
}

async function fromLock(dir: string, pythonVersion: string): Promise<InstallPlan | null> {
  const project = await readText(join(dir, "pyproject.toml"));
  const uvLock = await readText(join(dir, "uv.lock"));
  if (uvLock !== null && project !== null) {
    const lines = pyprojectLines(project) ?? [];
    return { ...EMPTY, source: "uv.lock", lines, uvLock: true, facts: ["uv.lock", uvLock, project] };
  }
  const poetryLock = await readText(join(dir, "poetry.lock"), 16 * 1024 * 1024);
  if (poetryLock !== null && project !== null) {
    const lines = poetryLockLines(poetryLock, project, pythonVersion);
    if (lines) return { ...EMPTY, source: "poetry.lock", lines, locked: true, facts: lines };
  }
  const pipfileLock = await readText(join(dir, "Pipfile.lock"), 16 * 1024 * 1024);
  const lines = pipfileLock === null ? null : pipfileLockLines(pipfileLock);
  return lines && { ...EMPTY, source: "Pipfile.lock", lines, locked: true, facts: lines };
}

async function fromRequirements(dir: string): Promise<InstallPlan | null> {
  for (const name of REQUIREMENTS) {
    const file = join(dir, name);
    const read = await readRequirements(file);
    if (read === null) continue;
    return { ...EMPTY, source: name, files: [file], locked: read.hashed, facts: read.facts };
  }
  return null;
}

/** pyproject.toml, Pipfile, setup.cfg, setup.py. */
async function fromProject(dir: string, inspection: Inspection | null): Promise<InstallPlan | null> {
  const project = await readText(join(dir, "pyproject.toml"));
  const declared = project === null ? null : pyprojectLines(project);
  if (declared !== null && declared.length > 0)
    return { ...EMPTY, source: "pyproject.toml", lines: declared, facts: declared };
  const pipfile = await readText(join(dir, "Pipfile"));
  const wanted = pipfile === null ? null : pipfileLines(pipfile);
  if (wanted) return { ...EMPTY, source: "Pipfile", lines: wanted, facts: wanted };
  if (inspection?.setup.dynamic) {
    return {
      ...EMPTY,
      source: "setup.py",
      project: true,
      facts: ["project", dir, ...(await setupFacts(dir))],
    };
  }
  const lines = inspection?.setup.requires ?? [];
  if (lines.length > 0) return { ...EMPTY, source: "setup.py", lines, facts: lines };
  return declared === null ? null : { ...EMPTY, source: "pyproject.toml" };
}

/** The set-up itself, and the files beside it that it may read. */
async function setupFacts(dir: string): Promise<string[]> {
  const names = (await readdir(dir)).filter(
    (name) => name === "setup.py" || /\.(?:cfg|toml|txt|in)$/.test(name),
  );
  const read = names
    .toSorted()
    .slice(0, 50)
    .map(async (name) => (await readText(join(dir, name))) ?? "");
  return await Promise.all(read);
}

async function inferred(dir: string, entryFile: string | null, inspection: Inspection): Promise<InstallPlan> {
  const script = entryFile === null ? null : await readText(join(dir, entryFile));
  const inline = script === null ? null : inlineLines(script);
  if (inline) return { ...EMPTY, source: `${entryFile} (inline metadata)`, lines: inline, facts: inline };
  const lines = inferredRequirements(inspection, entryFile);
  return lines.length === 0 ? EMPTY : { ...EMPTY, source: "imports", lines, facts: lines };
}

/** The dependencies that a script names in itself (PEP 723), or null. */
function inlineLines(script: string): string[] | null {
  const block = /^# \/\/\/ script\s*\n((?:#.*\n)+?)# \/\/\/\s*$/m.exec(script)?.[1];
  if (block === undefined) return null;
  const toml = block.replaceAll(/^# ?/gm, "");
  return pyprojectLines(`[project]\n${toml}`);
}
