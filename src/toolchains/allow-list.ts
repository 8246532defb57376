// The administrator's list of packages that may be installed.
import semver from "semver";
import { GantryError } from "../domain/errors.ts";
import { readText } from "./folder.ts";

export interface PackagePolicy {
  /** Path of the list; null: everything may be installed. */
  listFile: string | null;
  /** False: nothing is installed that would have to be built from its source. */
  sourceBuilds: boolean;
}

export const ANYTHING: PackagePolicy = { listFile: null, sourceBuilds: true };

export interface AllowList {
  /** May a distribution of this name (PEP 503, in any form) be installed? Its version is a matter of `constraints`. */
  allowsPython(name: string): boolean;
  /** The lines that bound versions: `pydantic>=2`. */
  constraints: string[];
  /** Equal for lists that allow the same of Python. */
  facts: string[];
  /** Null where it may be installed, else why not, as the end of a sentence. */
  whyNotNpm(name: string, version: string): string | null;
}

const LINE = /^(npm:)?((?:@[\w.*-]+\/)?[\w.*-]+)\s*(?:\[[^\]]*\])?\s*(.*)$/;
const SPECIFIER = /^(?:(?:~=|===?|!=|<=?|>=?)\s*[\w.*+!-]+\s*(?:,\s*|$))*$/;

/**
 * One entry a line: `fastapi`, `pydantic>=2`, `npm:express@^5`; `*` stands for anything in a name. Comments begin with #. Read anew
 * each time. Throws `invalid-setting`, with the line, where it can't be read: then nothing is allowed.
 */
export async function readAllowList({ listFile }: PackagePolicy): Promise<AllowList | null> {
  if (listFile === null) return null;
  const text = await readText(listFile);
  if (text === null) throw wrong(`${listFile} can't be read: nothing may be installed until then`);
  const python: RegExp[] = [];
  const npm: { name: RegExp; range: string }[] = [];
  const constraints: string[] = [];
  const facts: string[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    if (line === "") continue;
    const at = `${listFile}:${index + 1}`;
    const [, isNpm, name, rest = ""] = LINE.exec(line) ?? [];
    if (name === undefined) throw wrong(`${at}: ${JSON.stringify(line.slice(0, 80))} is no entry`);
    if (isNpm) {
      const range = rest.replace(/^@/, "").trim();
      if (semver.validRange(range) === null)
        throw wrong(`${at}: ${JSON.stringify(range)} is no range of versions`);
      npm.push({ name: pattern(name), range });
      continue;
    }
    if (!SPECIFIER.test(rest) || (rest !== "" && name.includes("*")))
      throw wrong(`${at}: ${JSON.stringify(rest.slice(0, 80))} is no specifier of versions`);
    python.push(pattern(normal(name)));
    facts.push(`${normal(name)}${rest}`);
    if (rest !== "") constraints.push(`${name}${rest}`);
  }
  return {
    allowsPython: (name) => python.some((one) => one.test(normal(name))),
    constraints,
    facts: facts.toSorted(),
    whyNotNpm(name, version) {
      const entries = npm.filter((one) => one.name.test(name));
      if (entries.length === 0) return NOT_LISTED;
      const fits = entries.some(({ range }) => semver.satisfies(version, range, { includePrerelease: true }));
      return fits
        ? null
        : `the list of allowed packages has ${entries.map(({ range }) => range).join(" and ")}, not ${version}`;
    },
  };
}

export const NOT_LISTED = "it is not in the list of allowed packages";

/** `place` is a file, or file:line. */
export const refused = (requirement: string, place: string | null, reason: string): GantryError =>
  new GantryError("requirement-refused", {
    requirement: place === null ? requirement : `${place}: ${requirement}`,
    reason,
    hint: "Ask the administrator: GANTRY_ALLOWED_PACKAGES names the list.",
  });

const wrong = (reason: string): GantryError =>
  new GantryError("invalid-setting", { setting: "GANTRY_ALLOWED_PACKAGES", reason });

const normal = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, "-");

const pattern = (name: string): RegExp =>
  new RegExp(
    `^${name
      .split("*")
      .map((part) => part.replaceAll(/[.\\+^$()[\]{}|?]/g, "\\$&"))
      .join(".*")}$`,
  );
