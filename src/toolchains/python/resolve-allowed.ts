// Finds out the exact packages that requirements lead to, without installing any, and holds all of them against the list.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GantryError } from "../../domain/errors.ts";
import { type AllowList, NOT_LISTED, refused } from "../allow-list.ts";
import { isFile } from "../folder.ts";
import { NO_NETWORK } from "./failure.ts";
import { nameOf, normalName } from "./requirements.ts";
import { asList, asRecord, asText } from "./toml-values.ts";

export interface Resolved {
  name: string;
  version: string;
  /** Who needs it; empty for what is asked for itself. */
  via: string[];
  /** It comes from an address instead of the index. */
  address: string | null;
}

/** How uv or pip is asked: what it prints, or why it could not. */
export type Ask = (
  args: string[],
) => Promise<{ stdout: string } | { error: GantryError; lines: readonly string[] }>;

export interface Question {
  /** Of the environment that is being made; lists are written there. */
  dir: string;
  list: AllowList;
  /** Requirements files and lines. */
  args: string[];
  /** Exact lists are taken as they are. */
  isComplete: boolean;
  /** Gantry's own servers, and what they need, may be installed in any case. */
  servers: string[];
  sourceBuilds: boolean;
  uv: boolean;
  ask: Ask;
}

/** The packages to install, all of them allowed. Throws `requirement-refused`, and what uv or pip has to say. */
export async function resolveAllowed(question: Question): Promise<Resolved[]> {
  const { dir, list } = question;
  const bounds = join(dir, "constraints.gantry.txt");
  await writeFile(bounds, `${list.constraints.join("\n")}\n`);
  const found = await resolve(question, bounds);
  const own = ownPackages(question.servers, found);
  for (const { name, version, via, address } of found) {
    const needed = via.length === 0 ? "" : `${via.slice(0, 3).join(", ")} needs it, and `;
    if (address !== null)
      throw refused(`${name} @ ${address}`, null, `${needed}only packages of the index are allowed`);
    if (list.allowsPython(name) || own.has(name)) continue;
    throw refused(`${name} ${version}`, null, needed + NOT_LISTED);
  }
  return found;
}

/** First without running anything of any package: what has no wheel is built only then, and only where that is allowed. */
async function resolve(question: Question, bounds: string): Promise<Resolved[]> {
  const online = await question.ask(wordsOf(question, bounds, true));
  const isOffline = question.uv && "error" in online && online.error.message.startsWith(NO_NETWORK);
  const first = isOffline ? await question.ask([...wordsOf(question, bounds, true), "--offline"]) : online;
  if (isOffline && "error" in first) throw online.error;
  if ("stdout" in first) return await readAnswer(question, first.stdout);
  const second = question.sourceBuilds ? await question.ask(wordsOf(question, bounds, false)) : first;
  if ("stdout" in second) return await readAnswer(question, second.stdout);
  throw explain(question, second) ?? second.error;
}

function wordsOf(question: Question, bounds: string, wheels: boolean): string[] {
  const { args, uv, isComplete, dir } = question;
  // uv takes the files without an option in front.
  const sources = uv ? args.filter((word) => word !== "-r") : args;
  const common = [
    ...(isComplete ? ["--no-deps"] : []),
    ...(wheels ? ["--only-binary", ":all:"] : []),
    ...["-c", bounds],
    ...sources,
  ];
  if (!uv)
    return ["install", "--dry-run", "--ignore-installed", "--quiet", "--report", reportIn(dir), ...common];
  return [
    "pip",
    "compile",
    "--no-header",
    "--strip-extras",
    "--annotation-style",
    "line",
    "--python",
    join(dir, "bin/python"),
    ...common,
  ];
}

const reportIn = (dir: string): string => join(dir, "report.gantry.json");

async function readAnswer({ uv, dir }: Question, stdout: string): Promise<Resolved[]> {
  if (uv) return stdout.split("\n").flatMap(readPin);
  return (await isFile(reportIn(dir))) ? readReport(JSON.parse(await readFile(reportIn(dir), "utf8"))) : [];
}

/** `anyio==4.16.0  # via httpx, starlette`; files and constraints among those that need it are told otherwise. */
function readPin(line: string): Resolved[] {
  const [, name, kind, version, via = ""] =
    /^([\w.-]+)\s*(==|@)\s*([^\s;]+)[^#]*(?:#\s*via\s+(.*))?$/.exec(line.trim()) ?? [];
  if (name === undefined || version === undefined) return [];
  const address = kind === "@" ? version.replace(/\/\/[^/@]*@/, "//") : null;
  const from = via.split(/,\s*/).filter((one) => one !== "" && !one.startsWith("-"));
  return [{ name: normalName(name), version, via: from, address }];
}

/** pip's installation report (version 1). */
function readReport(report: unknown): Resolved[] {
  const items = asList(asRecord(report)?.install).flatMap((item) => {
    const metadata = asRecord(asRecord(item)?.metadata);
    const [name, version] = [asText(metadata?.name), asText(metadata?.version)];
    if (name === null || version === null) return [];
    const needs = asList(metadata?.requires_dist).flatMap((text) => nameOf(asText(text) ?? "") ?? []);
    const isAsked = asRecord(item)?.requested === true;
    const address = asRecord(item)?.is_direct === true ? "an address" : null;
    return [{ name: normalName(name), version, needs, isAsked, address }];
  });
  return items.map(({ name, version, isAsked, address }) => ({
    name,
    version,
    address,
    via: isAsked ? [] : items.filter(({ needs }) => needs.includes(name)).map((one) => one.name),
  }));
}

/** Gantry's own servers and what only they need. */
function ownPackages(servers: readonly string[], found: readonly Resolved[]): Set<string> {
  const own = new Set(servers.map(normalName));
  for (let before = -1; before !== own.size; ) {
    before = own.size;
    for (const { name, via } of found)
      if (via.length > 0 && via.every((one) => own.has(normalName(one)))) own.add(name);
  }
  return own;
}

/** A contradiction with the list, told as such. */
function explain(
  { list }: Question,
  { lines, error }: { lines: readonly string[]; error: GantryError },
): GantryError | null {
  const text = lines.join(" ");
  if (!/unsatisfiable|ResolutionImpossible|conflict|No matching distribution/i.test(text)) return null;
  const bound = list.constraints.find((line) =>
    new RegExp(`\\b${nameOf(line) ?? "-"}\\b`, "i").test(normalName(text)),
  );
  const name = bound === undefined ? null : nameOf(bound);
  return name === null
    ? null
    : refused(name, null, `the list of allowed packages has ${bound}. ${error.message}`);
}
