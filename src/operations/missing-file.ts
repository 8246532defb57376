// A file that a command line names and that is not there: the command can't run.
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { wordsOrNull } from "../domain/split-words.ts";
import type { Detection } from "../domain/toolchain.ts";

/** Programs whose first word is the file that they run. */
const INTERPRETER = /^(?:python[\d.]*|pypy[\d.]*|node|nodejs|sh|bash|dash|zsh|ruby|perl|php)$/;
/** Options that have no value. */
const PLAIN_OPTION = /^-[uBEIOsSx]+$/;
/** With an ending it is a file and not a folder, a package or something else that the program looks for. */
const FILE = /\.\w+$/;

/**
 * The file as the command names it; null where nothing is missing, or where nobody can tell: only a shell can read the line, or a
 * build may still make the file.
 */
export function missingFile(dir: string, run: string, { toolchain }: Detection): string | null {
  const words = (wordsOrNull(run) ?? []).filter((word, index, all) => !isSetting(word, all.slice(0, index)));
  const [program = "", ...rest] = words;
  if (toolchain === "node" && existsSync(join(dir, "package.json"))) return null;
  if (toolchain === "command" && program.includes("/") && isMissing(dir, program)) return program;
  if (!INTERPRETER.test(basename(program))) return null;
  const file = rest.find((word) => !PLAIN_OPTION.test(word));
  return file !== undefined && !file.startsWith("-") && FILE.test(file) && isMissing(dir, file) ? file : null;
}

/** `NAME=value` in front of the program. */
const isSetting = (word: string, before: string[]): boolean =>
  [...before, word].every((one) => /^[A-Za-z_]\w*=/.test(one));

const isMissing = (dir: string, path: string): boolean =>
  !path.includes("$") && !existsSync(resolve(dir, path));
