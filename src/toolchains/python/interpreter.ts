// Finds the Python that fits a project.
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import semver from "semver";
import { parse as parseToml } from "smol-toml";
import { runCommand } from "../../lib/run-command.ts";
import { findProgram } from "../find-program.ts";
import { isFile, readText } from "../folder.ts";
import { personalPath, toolEnvironment } from "../tool-env.ts";

export interface Interpreter {
  /** Absolute path, past shims. */
  path: string;
  /** For example 3.11.7. */
  version: string;
}

/** What a project asks for. */
export interface Wish {
  /** `requires-python` of pyproject.toml, as it is written there. */
  requires: string | null;
  /** `.python-version`. */
  pinned: string | null;
}

const QUESTION = "import sys; print(sys.executable); print('.'.join(map(str, sys.version_info[:3])))";
/** After so long an interpreter is asked again, without anybody waiting for it; after longer, everybody waits. */
const FRESH_MS = 30_000;
const KEPT_MS = 600_000;
const known = new Map<string, { at: number; answer: Promise<Interpreter | null> }>();

export async function wishOf(dir: string): Promise<Wish> {
  const pinned = (await readText(join(dir, ".python-version"), 1024))?.trim().split(/\s/)[0] ?? null;
  const text = await readText(join(dir, "pyproject.toml"));
  return { requires: text === null ? null : requiresPython(text), pinned: pinned || null };
}

function requiresPython(text: string): string | null {
  try {
    const file = parseToml(text) as {
      project?: { "requires-python"?: unknown };
      tool?: { poetry?: { dependencies?: { python?: unknown } } };
    };
    const found = file.project?.["requires-python"] ?? file.tool?.poetry?.dependencies?.python;
    return typeof found === "string" ? found : null;
  } catch {
    return null;
  }
}

/**
 * The interpreter that fits best: the pinned version, else the first on PATH that satisfies the requirement. Null when
 * there is none; `newest` then tells what there is.
 */
export async function findInterpreter(
  wish: Wish,
  signal?: AbortSignal,
): Promise<{ fitting: Interpreter | null; any: Interpreter | null }> {
  const usual = await firstOf(["python3", "python"]);
  const fits = (found: Interpreter) => satisfies(found.version, wish.requires);
  const isPinned = (found: Interpreter) =>
    wish.pinned === null ||
    !/^3[\d.]*$/.test(wish.pinned) ||
    `${found.version}.`.startsWith(`${wish.pinned}.`);
  if (usual && fits(usual) && isPinned(usual)) return { fitting: usual, any: usual };
  const others: Interpreter[] = [];
  for (const path of await otherPaths()) {
    const found = await ask(path);
    signal?.throwIfAborted();
    if (found && fits(found)) others.push(found);
  }
  others.sort((a, b) => semver.compare(b.version, a.version));
  const fallback = usual && fits(usual) ? usual : others[0];
  return { fitting: others.find(isPinned) ?? fallback ?? null, any: usual ?? others[0] ?? null };
}

async function firstOf(names: string[]): Promise<Interpreter | null> {
  for (const name of names) {
    const path = await findProgram(name, personalPath());
    const found = path === null ? null : await ask(path);
    if (found) return found;
  }
  return null;
}

async function otherPaths(): Promise<string[]> {
  const paths: string[] = [];
  for (let minor = 20; minor >= 8; minor--) {
    const path = await findProgram(`python3.${minor}`, personalPath());
    if (path) paths.push(path);
  }
  const places = [
    join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions"),
    join(homedir(), ".local/share/uv/python"),
  ];
  for (const place of places) {
    const names = await readdir(place).catch(() => []);
    for (const name of names.filter((text) => /^(?:cpython-)?3\.\d+/.test(text)))
      paths.push(join(place, name, "bin/python3"));
  }
  return paths;
}

/** Asks an interpreter who it is; null when it does not run or is older than 3.8. */
export async function ask(path: string): Promise<Interpreter | null> {
  const cached = known.get(path);
  const age = cached === undefined ? Number.POSITIVE_INFINITY : performance.now() - cached.at;
  if (cached && age < FRESH_MS) return await cached.answer;
  if (cached && age < KEPT_MS) {
    const old = await cached.answer;
    known.set(path, { at: cached.at + FRESH_MS, answer: cached.answer });
    if (old !== null && (await isFile(old.path))) {
      void question(path).then((now) => remember(path, Promise.resolve(now)));
      return old;
    }
  }
  return await remember(path, question(path));
}

function remember(path: string, answer: Promise<Interpreter | null>): Promise<Interpreter | null> {
  known.set(path, { at: performance.now(), answer });
  return answer;
}

async function question(path: string): Promise<Interpreter | null> {
  try {
    const result = await runCommand(path, ["-I", "-S", "-c", QUESTION], {
      cwd: "/",
      env: toolEnvironment(),
      timeoutMs: 10_000,
    });
    const [executable, version] = result.stdout.trim().split("\n");
    if (result.code !== 0 || !executable || !version || semver.lt(version, "3.8.0")) return null;
    return { path: executable, version };
  } catch {
    return null;
  }
}

/** Does a version satisfy a specifier of the Python world (PEP 440, or Poetry's ^ and ~)? Unreadable ones are satisfied. */
export function satisfies(version: string, specifier: string | null): boolean {
  if (specifier === null || specifier.trim() === "") return true;
  return specifier.split("||").some((either) =>
    either.split(",").every((clause) => {
      const text = clause.trim();
      const match = /^(~=|==|!=|>=|<=|>|<|\^|~|===)?\s*v?(\d+(?:\.\d+)*)(\.\*)?$/.exec(text);
      if (!match?.[2]) return true;
      return clauseHolds(
        version,
        match[1] ?? "==",
        match[2],
        match[3] !== undefined || match[1] === undefined,
      );
    }),
  );
}

function clauseHolds(version: string, operator: string, wanted: string, prefix: boolean): boolean {
  const parts = wanted.split(".");
  const full = [...parts, "0", "0"].slice(0, 3).join(".");
  const within = `${version}.`.startsWith(`${wanted}.`);
  switch (operator) {
    case "==":
    case "===":
      return prefix ? within : version === full;
    case "!=":
      return prefix ? !within : version !== full;
    case "~=": {
      const head = parts.slice(0, -1).join(".");
      return semver.gte(version, full) && `${version}.`.startsWith(`${head}.`);
    }
    case "^":
      return semver.gte(version, full) && version.split(".")[0] === parts[0];
    case "~":
      return semver.gte(version, full) && `${version}.`.startsWith(`${parts.slice(0, 2).join(".")}.`);
    default:
      return semver.satisfies(version, `${operator}${full}`);
  }
}
