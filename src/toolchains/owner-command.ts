// The command line that the owner wrote: `run:`, or the web process of a Procfile.
import { join } from "node:path";
import { type CommandLine, readCommand } from "../domain/command-line.ts";
import { GantryError } from "../domain/errors.ts";
import { quoteWords, splitWords } from "../domain/split-words.ts";
import type { Hints } from "../domain/toolchain.ts";
import { readText } from "./folder.ts";

export interface OwnerCommand extends CommandLine {
  from: "run" | "Procfile";
  evidence: string[];
}

const PROCESS = /^([A-Za-z0-9_-]+):\s*(\S.*)$/;

/** What the owner said, or null. `hints.run` wins over `hints.entry`, and that over the Procfile. */
export async function ownerCommand(dir: string, hints: Hints): Promise<OwnerCommand | null> {
  if (hints.run !== null) return { ...readCommand(hints.run), from: "run", evidence: ["run"] };
  if (hints.entry !== null) return null;
  const procfile = await readText(join(dir, "Procfile"), 64 * 1024);
  if (procfile === null) return null;
  const found = new Map<string, string>();
  for (const line of procfile.split(/\r?\n/)) {
    const match = PROCESS.exec(line);
    if (match?.[1] && match[2]) found.set(match[1], match[2].trim());
  }
  const name = found.has("web") ? "web" : found.size === 1 ? [...found.keys()][0] : undefined;
  const line = name === undefined ? undefined : found.get(name);
  if (name === undefined || line === undefined) return null;
  const evidence = [`Procfile: ${name}`];
  const others = [...found.keys()].filter((other) => other !== name);
  if (others.length > 0)
    evidence.push(`Procfile has other processes, which are not run: ${others.join(", ")}`);
  return { ...readCommand(line), from: "Procfile", evidence };
}

/**
 * The argv of the owner's command: its words, or `sh -c` where the owner asked for a shell (a Procfile's line is a
 * shell's line by definition). `complete` may add words. Throws `invalid-setting` for what needs a shell and has none.
 */
export function ownerArgv(
  command: OwnerCommand,
  order: { shell: boolean; args: string[] },
  complete: (words: string[]) => string[] = (words) => words,
): string[] {
  const wantsShell = order.shell && command.from === "run";
  if (!wantsShell && command.words !== null && command.words.length > 0)
    return [...complete(command.words), ...order.args];
  if (wantsShell || (command.from === "Procfile" && command.words === null)) {
    const rest = order.args.length > 0 ? ` ${quoteWords(order.args)}` : "";
    return ["/bin/sh", "-c", command.text + rest];
  }
  throw new GantryError("invalid-setting", { setting: "run", field: "run", reason: whyNot(command.text) });
}

function whyNot(text: string): string {
  try {
    splitWords(text);
    return "it is empty";
  } catch (error) {
    return (error as Error).message;
  }
}
