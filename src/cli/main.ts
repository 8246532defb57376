// The command line's entry. Start-up time is a feature: code comes from Node's compile cache, and Node's own modules by
// process.getBuiltinModule all over this folder, because an import statement reads every export of theirs, lazy ones included
// (node:http costs 17 ms that way, node:fs 1.5 ms).
process.getBuiltinModule("node:module").enableCompileCache(cacheFolder());
const { run } = await import("./run.ts");
process.exit(await run(process.argv.slice(2), import.meta.url));

/** The user's own: what is in it gets executed. A folder that can't be written to is no problem, only slower. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME, HOME } = process.env;
  return `${XDG_CACHE_HOME || `${HOME || "/nonexistent"}/.cache`}/gantry/compiled`;
}
