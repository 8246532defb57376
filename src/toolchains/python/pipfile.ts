// Pipenv's files: the exact versions of Pipfile.lock, or the wishes of Pipfile.
import { parse as parseToml } from "smol-toml";
import { specifier } from "./pyproject.ts";
import { asRecord, asText } from "./toml-values.ts";

/** The default packages of a Pipfile.lock as exact requirements; null when it can't be read. */
export function pipfileLockLines(text: string): string[] | null {
  const packages = asRecord(parse(() => JSON.parse(text))?.default);
  return packages && Object.entries(packages).flatMap(([name, value]) => lineOf(name, value));
}

/** The packages of a Pipfile; null when it can't be read or has none. */
export function pipfileLines(text: string): string[] | null {
  const packages = asRecord(parse(() => parseToml(text))?.packages);
  return packages && Object.entries(packages).flatMap(([name, value]) => lineOf(name, value));
}

function parse(read: () => unknown): Record<string, unknown> | null {
  try {
    return asRecord(read());
  } catch {
    return null;
  }
}

function lineOf(name: string, value: unknown): string[] {
  if (typeof value === "string") return [name + specifier(value)];
  const table = asRecord(value);
  if (!table) return [];
  const extras = Array.isArray(table.extras) ? `[${table.extras.join(",")}]` : "";
  const markers = asText(table.markers);
  const suffix = markers === null ? "" : ` ; ${markers}`;
  const git = asText(table.git);
  if (git !== null) {
    const ref = asText(table.ref);
    return [`${name}${extras} @ git+${git.replace(/^git\+/, "")}${ref ? `@${ref}` : ""}${suffix}`];
  }
  const path = asText(table.path) ?? asText(table.file);
  if (path !== null) return [path];
  return [name + extras + specifier(asText(table.version) ?? "*") + suffix];
}
