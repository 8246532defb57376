// The main packages of a poetry.lock as exact requirements, found by walking from the project's own dependencies.

import semver from "semver";
import { parse as parseToml } from "smol-toml";
import { satisfies } from "./interpreter.ts";
import { pyprojectLines } from "./pyproject.ts";
import { nameOf, normalName } from "./requirements.ts";
import { asList, asRecord, asText } from "./toml-values.ts";

type Package = Record<string, unknown>;

interface Wanted {
  name: string;
  extras: string[];
  marker: string | null;
}

/** Requirements with exact versions and, where all have them, hashes; null when lock or project can't be read. */
export function poetryLockLines(lock: string, project: string, pythonVersion: string): string[] | null {
  const roots = pyprojectLines(project);
  const packages = readPackages(lock, pythonVersion);
  if (roots === null || packages === null) return null;
  const markers = new Map<string, Set<string | null>>();
  const done = new Set<string>();
  const open = roots.flatMap(wantedOf);
  for (let wanted = open.pop(); wanted !== undefined; wanted = open.pop()) {
    const seen = markers.get(wanted.name) ?? new Set();
    markers.set(wanted.name, seen.add(wanted.marker));
    const key = JSON.stringify(wanted);
    const found = packages.get(wanted.name);
    if (!found || done.has(key) || done.size > 20_000) continue;
    done.add(key);
    open.push(...dependenciesOf(found, wanted));
  }
  const needed = [...markers].flatMap(([name, from]) => {
    const found = packages.get(name);
    return found ? [{ line: lineOf(found, from), hashes: hashesOf(found) }] : [];
  });
  // pip wants hashes for all or for none.
  const hashed = needed.every(({ hashes }) => hashes !== "");
  return needed.map(({ line, hashes }) => (hashed ? line + hashes : line)).toSorted();
}

const hashesOf = (found: Package): string =>
  asList(found.files)
    .map((file) => asText(asRecord(file)?.hash))
    .filter((hash) => hash !== null && /^sha256:[0-9a-f]{64}$/.test(hash))
    .map((hash) => ` --hash=${hash}`)
    .join("");

function readPackages(lock: string, pythonVersion: string): Map<string, Package> | null {
  let list: unknown[];
  try {
    list = asList(parseToml(lock).package);
  } catch {
    return null;
  }
  const packages = new Map<string, Package>();
  for (const item of list) {
    const found = asRecord(item);
    const name = asText(found?.name);
    if (!found || name === null || !satisfies(pythonVersion, asText(found["python-versions"]))) continue;
    const other = packages.get(normalName(name));
    if (!other || newer(found, other)) packages.set(normalName(name), found);
  }
  return packages;
}

const newer = (a: Package, b: Package): boolean =>
  semver.gt(semver.coerce(asText(a.version)) ?? "0.0.0", semver.coerce(asText(b.version)) ?? "0.0.0");

function wantedOf(requirement: string): Wanted[] {
  const name = nameOf(requirement);
  if (name === null) return [];
  const extras = /^[^;[]*\[([^\]]*)\]/.exec(requirement)?.[1] ?? "";
  const marker = /;\s*(.+)$/.exec(requirement)?.[1] ?? null;
  return [{ name, extras: extrasOf(extras.split(",")), marker }];
}

const extrasOf = (names: unknown[]): string[] =>
  names
    .flatMap((name) => (typeof name === "string" && name.trim() !== "" ? [normalName(name.trim())] : []))
    .toSorted();

function dependenciesOf(found: Package, asked: Wanted): Wanted[] {
  const optional = new Set<string>();
  for (const [extra, lines] of Object.entries(asRecord(found.extras) ?? {})) {
    if (!asked.extras.includes(normalName(extra))) continue;
    for (const line of asList(lines)) optional.add(nameOf(asText(line) ?? "") ?? "");
  }
  return Object.entries(asRecord(found.dependencies) ?? {}).flatMap(([name, value]) => {
    const variants = Array.isArray(value) ? value : [value];
    return variants.flatMap((variant): Wanted[] => {
      const table = asRecord(variant);
      if (table?.optional === true && !optional.has(normalName(name))) return [];
      const own = table?.optional === true ? null : asText(table?.markers);
      const marker = both(asked.marker, own);
      return [{ name: normalName(name), extras: extrasOf(asList(table?.extras)), marker }];
    });
  });
}

const both = (one: string | null, other: string | null): string | null =>
  one === null || other === null || one === other
    ? (one ?? other)
    : `(${one}) and (${other})`.slice(0, 2_000);

function lineOf(found: Package, from: Set<string | null>): string {
  const name = asText(found.name) ?? "";
  const source = asRecord(found.source);
  const url = asText(source?.url);
  const type = asText(source?.type);
  const marker =
    asText(found.markers) ?? (from.has(null) ? null : [...from].map((one) => `(${one})`).join(" or "));
  const suffix = marker === null ? "" : ` ; ${marker}`;
  if (type === "git" && url) {
    const ref = asText(source?.resolved_reference) ?? asText(source?.reference);
    return `${name} @ git+${url}${ref ? `@${ref}` : ""}${suffix}`;
  }
  if (type === "url" && url) return `${name} @ ${url}${suffix}`;
  if ((type === "directory" || type === "file") && url) return url.startsWith("/") ? url : `./${url}`;
  return `${name}==${asText(found.version) ?? ""}${suffix}`;
}
