// What is wrong with JavaScript code: package.json, the entry, the syntax of what it imports.
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import type { CheckOrder } from "../../domain/toolchain.ts";
import { isFile, isFolder, readText } from "../folder.ts";
import { toolEnvironment } from "../tool-env.ts";
import { createWarmProgram, type WarmProgram } from "../warm-program.ts";
import { dependsOn, type Package, readPackage } from "./package-json.ts";

const SCRIPT = fileURLToPath(new URL("./check-syntax.mjs", import.meta.url));
const MAX_FILES = 400;
const MAX_BYTES = 512 * 1024;

/** Compiles without running; ended after some minutes without a question. */
export const createSyntaxProgram = (): WarmProgram =>
  createWarmProgram({
    command: process.execPath,
    args: ["--experimental-vm-modules", "--no-warnings", "--max-old-space-size=256", SCRIPT],
    env: toolEnvironment(),
    timeoutMs: 5_000,
  });

export async function checkNode(
  program: WarmProgram,
  order: CheckOrder,
  signal?: AbortSignal,
): Promise<Diagnostic[]> {
  const { dir, detection } = order;
  const read = await readPackage(dir);
  if (read?.error) return [packageError(read.error)];
  const [name, file] = (detection?.run ?? "").split(/\s+/);
  if (name !== "node" || file === undefined || !/^[\w./-]+\.[cm]?js$/.test(file)) return [];
  const entry = normalize(file);
  if (entry.startsWith("..") || entry.startsWith("/")) return [];
  if (!(await isFile(join(dir, entry)))) {
    const isMade = read !== null && "build" in read.package.scripts;
    return [say(isMade ? "warning" : "error", null, "entry", `there is no ${entry}`)];
  }
  return await checkReached(program, { dir, entry, found: read?.package ?? null }, signal);
}

function packageError(text: string): Diagnostic {
  const [, message = text, line, column] =
    /^package\.json: (.*?)(?: in JSON)?(?: at position \d+)?(?: \(line (\d+) column (\d+)\))?$/s.exec(text) ??
    [];
  const place = {
    line: line === undefined ? null : Number(line),
    column: column === undefined ? null : Number(column),
  };
  return { ...say("error", "package.json", "syntax", message), ...place };
}

const say = (
  severity: Diagnostic["severity"],
  file: string | null,
  code: string,
  message: string,
): Diagnostic => ({ file, line: null, column: null, severity, code, message });

interface Answer {
  error: { line: number | null; column: number | null; message: string } | null;
  imports: string[];
}

/** The entry and all that it imports by a path, level by level. */
async function checkReached(
  program: WarmProgram,
  { dir, entry, found }: { dir: string; entry: string; found: Package | null },
  signal?: AbortSignal,
): Promise<Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  const type = await typeOf(dir);
  const seen = new Set([entry]);
  for (let level = [entry]; level.length > 0; ) {
    const texts = await Promise.all(level.map((path) => readText(join(dir, path), MAX_BYTES)));
    const question = level.map((path, index) => ({ text: texts[index] ?? "", module: kindOf(path, type) }));
    const answers = (await program.ask(question, signal)) as Answer[] | null;
    if (answers === null)
      return [
        ...diagnostics,
        say("warning", null, "syntax", "the code needs too much time or memory to be checked"),
      ];
    const next: string[] = [];
    for (const [index, path] of level.entries()) {
      const { error, imports } = answers[index] ?? { error: null, imports: [] };
      if (error !== null)
        diagnostics.push({
          ...say("error", path, "syntax", error.message),
          line: error.line,
          column: error.column,
        });
      for (const name of new Set(imports)) {
        const target = name.startsWith(".") ? await fileAt(dir, join(dirname(path), name)) : null;
        if (target !== null && /\.[cm]?js$/.test(target) && !seen.has(target) && seen.size < MAX_FILES) {
          seen.add(target);
          next.push(target);
        }
        const missing = await whyMissing(dir, name, path, target, found);
        if (missing !== null) diagnostics.push(say("warning", path, "import", missing));
      }
    }
    level = next;
  }
  return diagnostics;
}

async function typeOf(dir: string): Promise<"module" | "commonjs" | null> {
  try {
    const { type } = JSON.parse((await readText(join(dir, "package.json"))) ?? "{}") as { type?: unknown };
    return type === "module" || type === "commonjs" ? type : null;
  } catch {
    return null;
  }
}

function kindOf(path: string, type: "module" | "commonjs" | null): boolean | null {
  if (path.endsWith(".mjs")) return true;
  if (path.endsWith(".cjs")) return false;
  return type === null ? null : type === "module";
}

/** Where `require` would find it, relative to `dir`; null where nothing is. */
async function fileAt(dir: string, path: string): Promise<string | null> {
  if (path.startsWith("..")) return null;
  for (const ending of ["", ".js", ".json", ".cjs", ".mjs", ".node", "/index.js"])
    if (await isFile(join(dir, path + ending))) return path + ending;
  return null;
}

async function whyMissing(
  dir: string,
  name: string,
  from: string,
  target: string | null,
  found: Package | null,
): Promise<string | null> {
  if (name.startsWith(".")) {
    const isOutside = join(dirname(from), name).startsWith("..");
    return target === null && !isOutside ? `there is no ${name}` : null;
  }
  if (/^(?:node:|#|\/|file:|data:)/.test(name) || builtinModules.includes(name)) return null;
  const parts = name.split("/");
  const package_ = name.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? name);
  if (builtinModules.includes(package_)) return null;
  if (found !== null && dependsOn(found, package_)) return null;
  if (await isFolder(join(dir, "node_modules", package_))) return null;
  return `${package_} is imported, but package.json does not ask for it`;
}
