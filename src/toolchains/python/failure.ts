// Makes one sentence of what pip or uv printed when an installation failed.
import { basename } from "node:path";
import { readText } from "../folder.ts";
import { nameOf, whereAsked } from "./requirements.ts";

export interface Failure {
  reason: string;
  hint?: string;
}

/** What is known about the installation that failed. */
export interface Asked {
  /** `requirements.txt`, `poetry.lock`, `imports`… */
  source: string | null;
  /** Absolute paths of requirements files, to name the line. */
  files: string[];
}

/** How the reason begins when the package index can't be reached. */
export const NO_NETWORK = "no network";

const NETWORK =
  /connection refused|failed to establish a new connection|name or service not known|dns error|network is unreachable|temporary failure in name resolution|error sending request|no route to host|timed out|certificate verify failed|invalid peer certificate|nodename nor servname/i;
const CERTIFICATE = /certificate verify failed|invalid peer certificate|unknownissuer/i;

/** Explains the last lines of output. Always finds a sentence; the best one that it can. */
export async function explainFailure(lines: readonly string[], asked: Asked): Promise<Failure> {
  const text = lines
    .map((line) => line.replaceAll(/[×╰─▶├│]/g, " ").trim())
    .join(" ")
    .replaceAll(/\s+/g, " ");
  return (
    diskFull(text) ??
    network(text) ??
    (await malformed(text, asked)) ??
    missingFile(text) ??
    missingVenv(text) ??
    (await unbuildable(text, lines, asked)) ??
    (await unsatisfiable(text, asked)) ?? { reason: lastWords(lines) }
  );
}

const diskFull = (text: string): Failure | null =>
  /no space left on device|os error 28|errno 28/i.test(text)
    ? { reason: "the disk is full: the dependencies could not be installed" }
    : null;

function network(text: string): Failure | null {
  if (!NETWORK.test(text)) return null;
  const host = /https?:\/\/(?:[^/\s@]*@)?([^/\s'"`)@]+)\//.exec(text)?.[1];
  const index = host === undefined ? "the package index" : `the package index at ${host}`;
  if (CERTIFICATE.test(text))
    return {
      reason: `the certificate of ${index} is not trusted`,
      hint: "Set SSL_CERT_FILE or pip's cert option.",
    };
  return { reason: `${NO_NETWORK}: could not reach ${index}` };
}

async function malformed(text: string, asked: Asked): Promise<Failure | null> {
  const pip = /Invalid requirement: ['"](.+?)['"].{0,80}?\(from line (\d+) of ([^)]+)\)/.exec(text);
  if (pip) return { reason: `${basename(pip[3] ?? "")}:${pip[2]}: ${pip[1]} is no requirement` };
  const uv =
    /(?:Couldn't parse requirement in|Error parsing) `([^`]+)` at (?:position (\d+)|(\d+):\d+)(?: cause:| Caused by:)?\s*(.{0,160})/.exec(
      text,
    );
  if (!uv || /failed to read from file/i.test(text)) return null;
  const file = uv[1] ?? "";
  const line = uv[3] ?? (await lineAt(file, Number(uv[2]), asked));
  return {
    reason: `${basename(file)}:${line}: ${(uv[4] ?? "").split(/ \^| {2}/)[0]?.trim() || "it can't be read"}`,
  };
}

async function lineAt(name: string, position: number, asked: Asked): Promise<number> {
  const file = asked.files.find((path) => basename(path) === basename(name));
  const text = file === undefined ? null : await readText(file);
  return (text ?? "").slice(0, position).split("\n").length;
}

function missingFile(text: string): Failure | null {
  const match =
    /Could not open requirements file: .*?No such file or directory: '([^']+)'/.exec(text) ??
    /failed to read from file `([^`]+)`/i.exec(text) ??
    /File not found: `([^`]+)`/.exec(text);
  return match?.[1] ? { reason: `${basename(match[1])} is included but does not exist` } : null;
}

function missingVenv(text: string): Failure | null {
  if (!/ensurepip is not available|No module named (?:venv|ensurepip)/.test(text)) return null;
  const package_ = /apt install (python3[\w.-]*venv)/.exec(text)?.[1] ?? "python3-venv";
  return {
    reason: `this machine's Python can't make environments: the package ${package_} is missing`,
    hint: `Install it (apt install ${package_}), or install uv.`,
  };
}

async function unbuildable(text: string, lines: readonly string[], asked: Asked): Promise<Failure | null> {
  const name =
    /Failed to (?:build|download and build) `([^`]+)`/.exec(text)?.[1] ??
    /Failed building (?:wheel|editable) for (\S+)/.exec(text)?.[1] ??
    (/metadata-generation-failed|Getting requirements to build wheel.*error/.test(text)
      ? collecting(lines)
      : undefined);
  if (name === undefined) return null;
  const where = await placeOf(name, asked);
  return { reason: `${where}${name.replace("==", " ")} failed to build: ${cause(text)}` };
}

const collecting = (lines: readonly string[]): string | undefined =>
  lines.map((line) => /^Collecting (\S+)/.exec(line)?.[1]).findLast((name) => name !== undefined);

function cause(text: string): string {
  const compiler =
    /(?:command|program) '?([\w+-]*(?:gcc|cc|g\+\+|clang|cargo|rustc|cmake|pg_config))'? (?:failed: No such|not found)|unable to execute '([^']+)'|(Rust|Cargo)[^.]{0,60}not (?:installed|found)/i.exec(
      text,
    );
  const tool = compiler?.[1] ?? compiler?.[2] ?? compiler?.[3];
  if (tool) return `it needs ${tool}`;
  if (/pg_config executable not found/.test(text)) return "it needs pg_config (libpq-dev)";
  const header = /fatal error: (\S+): No such file/.exec(text)?.[1];
  if (header) return `it needs the C header ${header}`;
  const module = /ModuleNotFoundError: No module named '([^']+)'/.exec(text)?.[1];
  if (module) return `it needs the module ${module}, which this Python does not have`;
  const error = [...text.matchAll(/\b([A-Z]\w*Error: .{1,120}?)(?= hint:| \[end| note:| ERROR|$)/g)].at(
    -1,
  )?.[1];
  return error ?? "see the build's output";
}

async function unsatisfiable(text: string, asked: Asked): Promise<Failure | null> {
  const none = /Because (\S+) was not found in the package registry/.exec(text)?.[1];
  const pip = /No matching distribution found for ([^\s;(]+)/.exec(text)?.[1];
  const version = /(?:Because|because) there (?:is|are) no versions? of (\S+?)(?: and|,| that| is|\s)/.exec(
    text,
  )?.[1];
  if (none) return { reason: `${await placeOf(none, asked)}there is no package ${none}` };
  if (pip) {
    const nothing = /\(from versions: none\)/.test(text);
    const what = nothing ? `package ${nameOf(pip) ?? pip}` : `version ${pip}`;
    return {
      reason: `${await placeOf(pip, asked)}there is no ${what}${nothing ? "" : " in the package index"}`,
    };
  }
  if (version && !/ depends on /.test(text))
    return { reason: `${await placeOf(version, asked)}no version of ${version} exists` };
  const story = /(Because .{1,600}?unsatisfiable)/.exec(text)?.[1];
  if (story)
    return { reason: `the requirements contradict each other: ${story.replace(/, we can conclude.*$/, "")}` };
  const conflict = /Cannot install (.{1,200}?) because these package versions have conflicting/.exec(
    text,
  )?.[1];
  return conflict ? { reason: `the requirements contradict each other: ${conflict}` } : null;
}

async function placeOf(requirement: string, asked: Asked): Promise<string> {
  const name = nameOf(requirement) ?? requirement;
  const place = await whereAsked(asked.files, name);
  if (place) return `${place}: `;
  return asked.source === null ? "" : `${asked.source}: `;
}

/** The last line that looks like an error, else the last line. */
function lastWords(lines: readonly string[]): string {
  const plain = lines
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^hint:|^note:/i.test(line));
  const error = plain.findLast((line) => /^(?:error|ERROR)\b/.test(line)) ?? plain.at(-1);
  return `the dependencies could not be installed: ${(error ?? "no output").replace(/^error:\s*/i, "").slice(0, 300)}`;
}
