// Reads requirements files as far as needed to know when they changed, and where a package is asked for.
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { readText } from "../folder.ts";

export interface Requirements {
  /** Some requirement has a hash: then pip wants them for all. */
  hashed: boolean;
  /** The contents of all files that take part, and the places of local projects. */
  facts: string[];
}

const MAX_FILES = 50;

/** Reads a requirements file with all that it includes by -r and -c. Null when there is no such file. */
export async function readRequirements(file: string): Promise<Requirements | null> {
  const found: Requirements = { hashed: false, facts: [] };
  const seen = new Set<string>();
  return (await add(file, found, seen)) ? found : null;
}

async function add(file: string, found: Requirements, seen: Set<string>): Promise<boolean> {
  if (seen.has(file) || seen.size >= MAX_FILES) return true;
  seen.add(file);
  const text = await readText(file);
  if (text === null) return false;
  found.facts.push(basename(file), text);
  for (const line of linesOf(text)) {
    if (line.text.includes("--hash=")) found.hashed = true;
    const include = /^(?:-r|-c|--requirement|--constraint)[\s=]*(\S+)/.exec(line.text)?.[1];
    const local =
      /^(?:-e|--editable)[\s=]*(\S+)/.exec(line.text)?.[1] ??
      /^(\.{0,2}\/\S*|\.{1,2})(?:\[|\s|$)/.exec(line.text)?.[1];
    if (include && !include.includes("://")) await add(resolve(dirname(file), include), found, seen);
    else if (local && !local.includes("://")) await addProject(file, local, found);
  }
  return true;
}

/** A project on this disk: its place counts, and what it says that it needs. */
async function addProject(file: string, local: string, found: Requirements): Promise<void> {
  const place = local.replace(/\[.*$/, "");
  const dir = isAbsolute(place) ? place : resolve(dirname(file), place);
  found.facts.push(dir);
  for (const name of ["pyproject.toml", "setup.py", "setup.cfg"])
    found.facts.push((await readText(join(dir, name))) ?? "");
}

/** The logical lines with their numbers: continuations joined, comments and empty ones left out. */
export function linesOf(text: string): { number: number; text: string }[] {
  const lines: { number: number; text: string }[] = [];
  let joined = "";
  let start = 1;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (joined === "") start = index + 1;
    if (raw.endsWith("\\")) {
      joined += `${raw.slice(0, -1)} `;
      continue;
    }
    const whole = (joined + raw).replace(/(^|\s)#.*$/, "").trim();
    joined = "";
    if (whole !== "") lines.push({ number: start, text: whole });
  }
  return lines;
}

/** Package names compare without regard to case, and `-`, `_`, `.` are one (PEP 503). */
export const normalName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, "-");

/** The name that a requirement begins with, normalised; null for options, paths and URLs. */
export function nameOf(requirement: string): string | null {
  const match = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:$|[[;@<>=!~(\s])/.exec(requirement);
  return match?.[1] ? normalName(match[1]) : null;
}

/** `file:line` of the package in these requirements files, or null. */
export async function whereAsked(files: readonly string[], name: string): Promise<string | null> {
  for (const file of files) {
    const line = linesOf((await readText(file)) ?? "").find(({ text }) => nameOf(text) === normalName(name));
    if (line) return `${basename(file)}:${line.number}`;
  }
  return null;
}
