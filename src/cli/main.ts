// The command line's entry. Start-up time is a feature: Node's own modules come by process.getBuiltinModule all over this folder,
// because an import statement reads every export, lazy ones included (node:http costs 17 ms that way, node:fs 1.5 ms).
import { run } from "./run.ts";

process.exitCode = await run(process.argv.slice(2), import.meta.url);
