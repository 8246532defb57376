// Finds what is runnable in a folder of JavaScript.
import { join } from "node:path";
import { readCommand } from "../../domain/command-line.ts";
import type { Check } from "../../domain/health.ts";
import type { Detection, Hints } from "../../domain/toolchain.ts";
import { isFile, readText } from "../folder.ts";
import { type OwnerCommand, ownerCommand } from "../owner-command.ts";
import { cannotListen } from "./cannot-listen.ts";
import { type Framework, frameworkOf, isServer } from "./frameworks.ts";
import { type Package, readPackage } from "./package-json.ts";
import { LOCKS } from "./packager.ts";
import { startLine } from "./start-line.ts";

const PROGRAMS =
  /^(?:node|nodejs|npm|npx|pnpm|pnpx|yarn|bun|bunx|tsx|ts-node|nodemon|next|nuxt|vite|astro|nest|remix-serve|http-server|serve)$/;

export async function detectNode(dir: string, hints: Hints): Promise<Detection | null> {
  const read = await readPackage(dir);
  const owner = await ownerCommand(dir, hints);
  if (owner) return await ownDetection(dir, owner, read?.package ?? null);
  if (hints.entry !== null) return await entryDetection(dir, hints.entry);
  if (read === null) return await looseDetection(dir);
  if (read.error !== null) return broken(read.error);
  const framework = frameworkOf(read.package);
  const start = await startLine(dir, read.package, framework);
  if (start === null) return null;
  const { words } = readCommand(start.run ?? "");
  const source = await entryText(dir, words ?? []);
  const lock = await firstFile(dir, Object.keys(LOCKS));
  return {
    toolchain: "node",
    framework: framework?.name ?? null,
    entry: null,
    run: start.run,
    listens: start.run === null ? "none" : listensOf(framework, words ?? [], source),
    check: start.run === null ? { type: "none" } : healthOf(source),
    evidence: ["package.json", start.evidence, ...(lock ? [lock] : [])],
    confidence: "start" in read.package.scripts ? 0.85 : 0.75,
  };
}

/** The whole detection of a plain `node <file>`. */
async function fileDetection(
  dir: string,
  file: string,
  evidence: string,
  confidence: number,
): Promise<Detection> {
  const words = ["node", file];
  const source = await entryText(dir, words);
  const listens = listensOf(null, words, source);
  const check = healthOf(source);
  return {
    toolchain: "node",
    framework: null,
    entry: null,
    run: words.join(" "),
    listens,
    check,
    evidence: [evidence],
    confidence,
  };
}

/** `entry: server.js`. */
async function entryDetection(dir: string, entry: string): Promise<Detection | null> {
  const inside = /^[\w.-]+(?:\/[\w.-]+)*\.[cm]?js$/.test(entry) && !entry.split("/").includes("..");
  return inside && (await isFile(join(dir, entry)))
    ? await fileDetection(dir, entry, `entry ${entry}`, 0.99)
    : null;
}

/** JavaScript without a package.json. Beside an index.html most files are for the browser. */
async function looseDetection(dir: string): Promise<Detection | null> {
  const site = await isFile(join(dir, "index.html"));
  const names = site
    ? ["server.js", "server.mjs"]
    : ["server.js", "server.mjs", "index.js", "app.js", "main.js", "index.mjs"];
  const file = await firstFile(dir, names);
  return file === null ? null : await fileDetection(dir, file, file, 0.5);
}

/** Shown, so that the build can say what is wrong. */
const broken = (error: string): Detection => ({
  toolchain: "node",
  framework: null,
  entry: null,
  run: "npm run start",
  listens: "optional",
  check: null,
  evidence: [error],
  confidence: 0.3,
});

async function ownDetection(
  dir: string,
  owner: OwnerCommand,
  found: Package | null,
): Promise<Detection | null> {
  const words = owner.words ?? owner.text.split(/\s+/);
  const program = words[0] ?? "";
  const known = PROGRAMS.test(program) || /\/node$|(?:^|\/)node_modules\/\.bin\//.test(program);
  if (!known && found === null) return null;
  const framework = found && frameworkOf(found);
  const source = await entryText(dir, words);
  return {
    toolchain: "node",
    framework: framework?.name ?? null,
    entry: null,
    run: owner.text,
    listens: /\$\{?PORT\b/.test(owner.text) ? "required" : listensOf(framework, words, source),
    check: healthOf(source),
    evidence: [...owner.evidence, ...(found ? ["package.json"] : [])],
    confidence: known ? 0.95 : 0.55,
  };
}

/** The text of the file behind `node <file>`, where there is one. */
async function entryText(dir: string, words: readonly string[]): Promise<string> {
  const file = words.slice(1).find((word) => /\.[cm]?[jt]s$/.test(word));
  const inside = file !== undefined && !file.startsWith("/") && !file.split("/").includes("..");
  return inside ? ((await readText(join(dir, file), 512 * 1024)) ?? "") : "";
}

function listensOf(
  framework: Framework | null,
  words: readonly string[],
  source: string,
): Detection["listens"] {
  if (isServer(words) || /\benv\.PORT\b|\benv\[["']PORT["']\]/.test(source)) return "required";
  if (framework === null && cannotListen(source)) return "none";
  return framework?.serves && source === "" ? "required" : "optional";
}

const HEALTH =
  /\b(?:app|server|fastify)\.get\(\s*["'`](\/(?:api\/)?(?:health|healthz|livez|_health|healthcheck)\/?)["'`]/;

function healthOf(source: string): Check | null {
  const path = HEALTH.exec(source)?.[1];
  return path === undefined ? null : { type: "http", path };
}

async function firstFile(dir: string, names: string[]): Promise<string | null> {
  for (const name of names) if (await isFile(join(dir, name))) return name;
  return null;
}
