// The command line that starts a Node project: straight to the program where that can be, for signals and exit codes.
import { join } from "node:path";
import { readCommand } from "../../domain/command-line.ts";
import { quoteWords } from "../../domain/split-words.ts";
import { isFile } from "../folder.ts";
import { completeServer, type Framework } from "./frameworks.ts";
import type { Package } from "./package-json.ts";

/** Words that only a shell knows. */
const BUILTIN = new Set([
  "cd",
  "export",
  "set",
  "exec",
  "source",
  ".",
  "eval",
  "if",
  "while",
  "for",
  "test",
  "[",
]);
const FILES = [
  "server.js",
  "index.js",
  "app.js",
  "main.js",
  "server.mjs",
  "index.mjs",
  "src/index.js",
  "src/server.js",
];

export interface StartLine {
  /** Null: nothing runs, the built files are served. */
  run: string | null;
  evidence: string;
}

/** How the project starts: its start script, its framework, its main file, its dev script; null when nothing tells. */
export async function startLine(
  dir: string,
  found: Package,
  framework: Framework | null,
): Promise<StartLine | null> {
  if (found.scripts.start !== undefined)
    return { run: scriptLine(found, "start"), evidence: `start script: ${found.scripts.start}` };
  if (framework?.start) return { run: complete(framework.start), evidence: `${framework.name} app` };
  if (!framework?.static) {
    for (const file of [...(found.main === null ? [] : [found.main]), ...FILES]) {
      const name = await fileOf(dir, file);
      if (name) return { run: quoteWords(["node", name]), evidence: name };
    }
  }
  if (framework?.static && found.scripts.build !== undefined)
    return { run: null, evidence: `build script: ${found.scripts.build}` };
  for (const name of ["serve", "dev", "preview"]) {
    if (found.scripts[name] !== undefined)
      return { run: scriptLine(found, name), evidence: `${name} script: ${found.scripts[name]}` };
  }
  return null;
}

/** A file within the folder; also the one that a folder or a name without extension stands for. */
async function fileOf(dir: string, name: string): Promise<string | null> {
  const clean = name.replace(/^\.\//, "").replace(/\/$/, "");
  if (clean.startsWith("/") || clean.split("/").includes("..")) return null;
  for (const file of [clean, `${clean}.js`, join(clean, "index.js")])
    if (/\.[cm]?js$/.test(file) && (await isFile(join(dir, file)))) return file;
  return null;
}

/** A script's own words where no shell is needed, else `npm run <name>`. */
export function scriptLine(found: Package, name: string, depth = 0): string {
  const viaNpm = quoteWords(["npm", "run", name]);
  const text = found.scripts[name];
  if (text === undefined || `pre${name}` in found.scripts || `post${name}` in found.scripts || depth > 3)
    return viaNpm;
  const { words, env } = readCommand(text);
  if (words === null || BUILTIN.has(words[0] ?? "")) return viaNpm;
  const inner = innerScript(words, found);
  if (inner !== null && Object.keys(env).length === 0) return scriptLine(found, inner, depth + 1);
  const assignments = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  const program = withoutWrapper(words, assignments);
  return quoteWords([...assignments, ...completeServer(program)]);
}

/** `npm run x`, `yarn x`, `pnpm x`: the name of the script behind it, or null. */
export function innerScript(words: readonly string[], found: Package): string | null {
  const [program = "", ...rest] = words;
  if (!["npm", "pnpm", "yarn"].includes(program)) return null;
  const [first, second] = rest[0] === "run" ? [rest[1], rest[2]] : [rest[0], rest[1]];
  const direct = rest[0] === "run" || program !== "npm" || first === "start";
  return direct && first !== undefined && second === undefined && first in found.scripts ? first : null;
}

/** Takes `cross-env A=b` off, whose assignments go to `assignments`. */
function withoutWrapper(words: readonly string[], assignments: string[]): string[] {
  if (words[0] !== "cross-env") return [...words];
  const rest = words.slice(1);
  while (/^[A-Za-z_]\w*=/.test(rest[0] ?? "")) assignments.push(rest.shift() ?? "");
  return rest;
}

function complete(line: string): string {
  const { words } = readCommand(line);
  return quoteWords(completeServer(words ?? []));
}
