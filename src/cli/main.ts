// The command line's entry. `gantry ls` has another one, because its start-up time is a feature: `list-main.ts`.
import { run } from "./run.ts";

process.exit(await run(process.argv.slice(2), import.meta.url));
