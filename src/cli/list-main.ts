// The entry of `gantry ls` alone, bundled as CommonJS into one small file (Node's loader of ES modules costs 2 ms). bin/gantry starts it
// for `ls` and long options. Node's own modules come by process.getBuiltinModule all over this folder, because an import
// statement reads every export of theirs, lazy ones included (node:http costs 17 ms that way, node:fs 1.5 ms).
import type { Command } from "./command.ts";
import ls from "./commands/ls.ts";
import { execute } from "./execute.ts";

const words = process.argv.slice(3);
const daemons = { start: async () => false, meet: wholeProgram };
const program = { entry: "file:///", commands: [], daemons };
void execute({ name: "ls", command: ls as unknown as Command, words }, program).then((code) =>
  process.exit(code),
);

/** A daemon of another build is not for this small program: the whole one begins anew, and ends the process. */
async function wholeProgram(): Promise<boolean> {
  const { pathToFileURL } = process.getBuiltinModule("node:url");
  const { join } = process.getBuiltinModule("node:path");
  await import(pathToFileURL(join(__dirname, "cli.js")).href);
  return false;
}
