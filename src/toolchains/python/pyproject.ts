// The dependencies that pyproject.toml names: PEP 621, or Poetry's own table.
import { parse as parseToml } from "smol-toml";
import { asRecord, asText } from "./toml-values.ts";

/** Requirements as PEP 508 lines. Null when the file has no such table or can't be read. */
export function pyprojectLines(text: string): string[] | null {
  const file = parseFile(text);
  if (file === null) return null;
  const project = asRecord(file.project);
  if (Array.isArray(project?.dependencies))
    return project.dependencies.filter((line): line is string => typeof line === "string");
  const poetry = asRecord(asRecord(file.tool)?.poetry);
  const wanted = asRecord(poetry?.dependencies);
  if (wanted) return Object.entries(wanted).flatMap(([name, value]) => poetryLine(name, value));
  return project ? [] : null;
}

function parseFile(text: string): Record<string, unknown> | null {
  try {
    return parseToml(text);
  } catch {
    return null;
  }
}

function poetryLine(name: string, value: unknown): string[] {
  if (name.toLowerCase() === "python") return [];
  if (typeof value === "string") return [name + specifier(value)];
  if (Array.isArray(value)) return value.flatMap((one) => poetryLine(name, one));
  const table = asRecord(value);
  if (!table || table.optional === true) return [];
  const extras = Array.isArray(table.extras) ? `[${table.extras.join(",")}]` : "";
  const marker = [asText(table.markers), pythonMarker(asText(table.python))].filter(Boolean).join(" and ");
  const suffix = marker === "" ? "" : ` ; ${marker}`;
  const git = asText(table.git);
  if (git !== null) {
    const ref = asText(table.rev) ?? asText(table.tag) ?? asText(table.branch);
    return [`${name}${extras} @ git+${git}${ref ? `@${ref}` : ""}${suffix}`];
  }
  const url = asText(table.url);
  if (url !== null) return [`${name}${extras} @ ${url}${suffix}`];
  const path = asText(table.path);
  if (path !== null) return [path.startsWith("/") ? path : `./${path}`];
  return [name + extras + specifier(asText(table.version) ?? "*") + suffix];
}

const pythonMarker = (range: string | null): string | null =>
  range === null
    ? null
    : specifier(range)
        .split(",")
        .map((clause) => clause.replace(/^(\D+)(.*)$/, `python_version $1 "$2"`))
        .join(" and ");

/** Poetry's version constraints in PEP 440's words: ^1.2 is >=1.2,<2.0. */
export function specifier(constraint: string): string {
  const clauses = constraint.split(",").map((clause) => clause.trim());
  return clauses.map(clauseOf).filter(Boolean).join(",");
}

function clauseOf(clause: string): string {
  if (clause === "" || clause === "*" || clause.includes("||")) return "";
  const match = /^(\^|~(?!=))\s*(\d+(?:\.\d+)*)(.*)$/.exec(clause);
  if (match?.[1] && match[2]) {
    const parts = match[2].split(".").map(Number);
    const first = parts.findIndex((part) => part > 0);
    const at = match[1] === "^" ? (first === -1 ? parts.length - 1 : first) : Math.min(1, parts.length - 1);
    const upper = [...parts.slice(0, at), (parts[at] ?? 0) + 1].join(".");
    return `>=${match[2]}${match[3] ?? ""},<${upper}`;
  }
  return /^\d/.test(clause) ? `==${clause}` : clause.replaceAll(" ", "");
}
