// The command line's entry. Start-up time is a feature: `ls` is here, in one file, and all else in another bundle (`run.ts`). Node's own modules
// come by process.getBuiltinModule all over this folder, because an import statement reads every export of theirs, lazy ones
// included (node:http costs 17 ms that way, node:fs 1.5 ms).
import type { Command } from "./command.ts";
import ls from "./commands/ls.ts";
import { execute } from "./execute.ts";

const words = process.argv.slice(2);
const entry = import.meta.url;
process.exit(await (isList(words) ? list() : all()));

/** Just `gantry ls`, perhaps with a long option or two; help needs more than is here. */
function isList([verb, ...rest]: string[]): boolean {
  return (verb === "ls" || verb === "list") && rest.every((word) => /^--(?!help)/.test(word));
}

function list(): Promise<number> {
  const program = { entry, commands: [], startDaemon: async () => false };
  return execute({ name: "ls", command: ls as unknown as Command, words: words.slice(1) }, program);
}

async function all(): Promise<number> {
  // Not a literal, so that the bundler leaves it alone: it is an entry of its own (scripts/build.ts).
  const bundle: string = entry.endsWith(".ts") ? "./run.ts" : "./cli-all.js";
  const { run } = (await import(bundle)) as typeof import("./run.ts");
  return run(words, entry);
}
