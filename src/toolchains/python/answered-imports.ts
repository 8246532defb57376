// The modules that a project's requirements bring: read from the environment where there is one, else guessed from their names.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readText } from "../folder.ts";
import { modulesOfAll } from "./distributions.ts";
import { type Content, findEnvironment } from "./environment.ts";
import type { InstallPlan } from "./install-plan.ts";
import { linesOf, nameOf } from "./requirements.ts";

export interface AnsweredImports {
  has(module: string): boolean;
  /** It was read from what is installed: what is not there can't be imported. */
  certain: boolean;
}

/** Null where nobody can tell: a project of the owner's own, a URL… */
export async function answeredImports(
  dir: string,
  plan: InstallPlan,
  environment: Omit<Content, "plan">,
): Promise<AnsweredImports | null> {
  for (const name of [".venv", "venv"]) {
    const modules = await modulesIn(join(dir, name));
    if (modules !== null) return { has: (module) => modules.names.has(module), certain: false };
  }
  const made = await findEnvironment({ ...environment, plan });
  const installed = made === null ? null : await modulesOnce(made);
  if (installed !== null)
    return { has: (module) => installed.names.has(module), certain: !installed.pathsAdded };
  const asked = await requirementsOf(dir, plan);
  if (asked === null) return null;
  const modules = modulesOfAll([...asked, ...environment.servers.map((name) => ({ name, extras: false }))]);
  return { has: (module) => modules.has(module.toLowerCase()), certain: false };
}

interface Modules {
  names: ReadonlySet<string>;
  /** A .pth file may add folders: there may be more. */
  pathsAdded: boolean;
}

/** Environments with a content never change. */
const known = new Map<string, Modules>();

async function modulesOnce(environment: string): Promise<Modules | null> {
  const found = known.get(environment) ?? (await modulesIn(environment));
  if (found === null) return null;
  if (known.size > 100) known.clear();
  known.set(environment, found);
  return found;
}

/** What lies in the site-packages of an environment; null where it has none. */
async function modulesIn(environment: string): Promise<Modules | null> {
  const lib = join(environment, "lib");
  const version = (await readdir(lib).catch(() => [])).find((name) => /^python3\.\d+$/.test(name));
  if (version === undefined) return null;
  const entries = await readdir(join(lib, version, "site-packages")).catch(() => null);
  if (entries === null) return null;
  const names = entries.flatMap(
    (entry) => /^([A-Za-z_]\w*)(?:\.py|\.(?:[\w-]+\.)?so)?$/.exec(entry)?.[1] ?? [],
  );
  const pathsAdded = entries.some((entry) => entry.endsWith(".pth") && !HARMLESS.has(entry));
  return { names: new Set(names), pathsAdded };
}

const HARMLESS = new Set(["_virtualenv.pth", "distutils-precedence.pth"]);

async function requirementsOf(
  dir: string,
  plan: InstallPlan,
): Promise<{ name: string; extras: boolean }[] | null> {
  if (plan.project) return null;
  const lines = [...plan.lines];
  for (const file of plan.files)
    for (const { text } of linesOf((await readText(file)) ?? "")) lines.push(text);
  if (plan.uvLock)
    for (const [, name] of ((await readText(join(dir, "uv.lock"))) ?? "").matchAll(/^name = "([^"]+)"$/gm))
      if (name !== undefined) lines.push(name);
  const asked: { name: string; extras: boolean }[] = [];
  for (const line of lines) {
    if (
      /^--(?:hash|no-binary|only-binary|prefer-binary|pre|trusted-host|index-url|extra-index-url)\b|^-i\b/.test(
        line,
      )
    )
      continue;
    const name = nameOf(line);
    if (name === null) return null;
    asked.push({ name, extras: /^[\w.-]+\s*\[/.test(line) });
  }
  return asked;
}
