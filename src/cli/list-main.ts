// The entry of `gantry ls` alone, bundled as CommonJS into one small file (Node's loader of ES modules costs 2 ms). bin/gantry starts it
// for `ls` and long options. Node's own modules come by process.getBuiltinModule all over this folder, because an import
// statement reads every export of theirs, lazy ones included (node:http costs 17 ms that way, node:fs 1.5 ms).
import type { Command } from "./command.ts";
import ls from "./commands/ls.ts";
import { execute } from "./execute.ts";

const words = process.argv.slice(3);
const program = { entry: "file:///", commands: [], startDaemon: async () => false };
void execute({ name: "ls", command: ls as unknown as Command, words }, program).then((code) =>
  process.exit(code),
);
