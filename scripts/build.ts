// Bundles the command line, the daemon and the edge into dist/. Runs by itself after `npm ci` (script "prepare").
import { createHash } from "node:crypto";
import { copyFile, glob, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { BuildOptions, OutputFile, Plugin } from "esbuild";

const ROOT = join(import.meta.dirname, "..");
const DIST = join(ROOT, "dist");

/** Output name → entry file. Each is bundled for itself, so that the command line loads as little as it can. */
const ENTRIES = {
  cli: "src/cli/main.ts",
  ls: "src/cli/list-main.ts",
  daemon: "src/daemon.ts",
  edge: "src/edge/builtin/main.ts",
};

/** Files that are not code but are read at run time, beside the bundles. */
const ASSETS = ["src/**/*.py", "src/**/*.mjs", "openapi.json"];

/** Left in node_modules: optional native parts, and a package that is only a folder of files. */
const EXTERNAL = ["pg-native", "swagger-ui-dist", "swagger-ui-dist/*"];

/**
 * Bundled CommonJS packages call `require` for Node's own modules; an ES module has none. Not for the command line: it has
 * no such package, and each line costs at its start.
 */
const REQUIRE_BANNER =
  'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);';

/** A daemon that runs now may still load a part of the build that it was started from. */
const KEEP_OLD_MS = 3_600_000;

const VERSION = (JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string })
  .version;
/** Stands for the stamp (see `src/lib/build-stamp.ts`) until the code is there whose hash is a part of it; as long as that. */
const STAMP_HOLDER = `${VERSION}+0000000000.00000000`;
const STAMP_FILE = "build-stamp";

/** Taken as an object, not as an ES module, whose making reads every export: among them getters that load undici and webcrypto. */
const PLAIN = ["http", "crypto", "dns", "tls"];
/** Packages name them on top but hardly ever use them. */
const LAZY = ["https", "http2"];

/** Saves the daemon and the edge 15 MB, and each start 10 ms. */
const leanBuiltins: Plugin = {
  name: "lean-builtins",
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(node:)?(${[...PLAIN, ...LAZY].join("|")})$`) }, ({ path }) => ({
      path: path.replace("node:", ""),
      namespace: "lean-builtins",
    }));
    build.onLoad({ filter: /.*/, namespace: "lean-builtins" }, ({ path }) => {
      const load = `process.getBuiltinModule("node:${path}")`;
      const lazy = `new Proxy({}, { get: (_, key) => ${load}[key], has: (_, key) => key in ${load} })`;
      return { contents: `module.exports = ${LAZY.includes(path) ? lazy : load};` };
    });
  },
};

/** Starts 2 ms sooner. In one file, without what is needed for names in other scripts alone, a quarter of all. */
const asCommonJs: BuildOptions = {
  splitting: false,
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  external: ["string-width"],
};

const options = (name: string, entry: string): BuildOptions => ({
  absWorkingDir: ROOT,
  entryPoints: { [name]: entry },
  outdir: DIST,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  chunkNames: `${name}-[name]-[hash]`,
  external: EXTERNAL,
  plugins: [leanBuiltins],
  define: { BUILD_STAMP: JSON.stringify(STAMP_HOLDER) },
  // Less text to keep in memory; names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  ...(name === "cli" || name === "ls" ? {} : { banner: { js: REQUIRE_BANNER } }),
  ...(name === "ls" ? asCommonJs : {}),
  sourcemap: "linked",
  sourcesContent: false,
  legalComments: "none",
  logLevel: "warning",
  write: false,
});

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Replaces a file in one step, so that whoever reads it meanwhile sees the old or the new one; equal content is left alone. */
async function put(path: string, content: Uint8Array): Promise<void> {
  const old = await readFile(path).catch(() => null);
  if (old !== null && digest(old) === digest(content)) return;
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}

const digest = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");

async function bundle(build: typeof import("esbuild").build): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(ENTRIES).map(
      async ([name, entry]) => (await build(options(name, entry))).outputFiles ?? [],
    ),
  );
  const files = results.flat();
  const stamp = await stampOf(files);
  await Promise.all(files.map((file) => put(file.path, stamped(file.contents, stamp))));
  await put(join(DIST, STAMP_FILE), Buffer.from(`${stamp}\n`));
  return [...files.map((file) => basename(file.path)), STAMP_FILE];
}

/** Version, time and hash of the code; what was built before in the same words keeps its time. */
async function stampOf(files: OutputFile[]): Promise<string> {
  const hashes = files.map(({ path, hash }) => `${basename(path)} ${hash}`).toSorted();
  const hash = digest(Buffer.from(hashes.join("\n"))).slice(0, 8);
  const old = (await readFile(join(DIST, STAMP_FILE), "utf8").catch(() => "")).trim();
  if (old.startsWith(`${VERSION}+`) && old.endsWith(`.${hash}`)) return old;
  return `${VERSION}+${Math.floor(Date.now() / 1000)}.${hash}`;
}

/** Of the same length, so that source maps stay right. */
function stamped(content: Uint8Array, stamp: string): Uint8Array {
  const bytes = Buffer.from(content);
  for (let at = bytes.indexOf(STAMP_HOLDER); at >= 0; at = bytes.indexOf(STAMP_HOLDER, at))
    bytes.write(stamp, at);
  return bytes;
}

async function copyAssets(): Promise<string[]> {
  const copied = new Set<string>();
  for await (const path of glob(ASSETS, { cwd: ROOT })) {
    const name = basename(path);
    if (copied.has(name)) throw new Error(`build: two assets are named ${name}`);
    copied.add(name);
    await copyFile(join(ROOT, path), join(DIST, name));
  }
  return [...copied];
}

async function removeOld(current: Set<string>): Promise<void> {
  for await (const name of glob("*", { cwd: DIST })) {
    const path = join(DIST, name);
    const info = await stat(path).catch(() => null);
    if (!current.has(name) && info !== null && Date.now() - info.mtimeMs > KEEP_OLD_MS) await rm(path);
  }
}

async function main(): Promise<void> {
  const esbuild = await import("esbuild").catch(() => null);
  if (esbuild === null) return withoutTools();
  const started = performance.now();
  await mkdir(DIST, { recursive: true });
  // What is wrong was printed by esbuild already.
  const written = await bundle(esbuild.build).catch(() => process.exit(1));
  const copied = await copyAssets();
  await removeOld(new Set([...written, ...copied]));
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  console.log(`built dist/ in ${seconds} s: ${written.filter((name) => /\.c?js$/.test(name)).length} files`);
}

/** The published package brings dist/ along and is installed without development tools: nothing to do. */
async function withoutTools(): Promise<void> {
  if (await exists(join(DIST, "cli.js"))) return;
  console.warn(
    "build: dist/ is missing and so is esbuild. Run npm ci (with development packages) to build it.",
  );
}

await main();
