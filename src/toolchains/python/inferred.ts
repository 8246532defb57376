// Guesses requirements from imports, for projects that name none.
import { DISTRIBUTIONS } from "./distributions.ts";
import type { Inspection } from "./inspect.ts";
import { reachable } from "./inspect.ts";

/** Comes with another one, or with the machine. */
const NOT_TO_BE_HAD = new Set([
  "gi",
  "google",
  "apt",
  "dbus",
  "distutils",
  "setuptools",
  "pip",
  "_typeshed",
  "__main__",
]);

/** The distributions that the entry and everything it imports need, in the order of the alphabet. */
export function inferredRequirements(inspection: Inspection, entryFile: string | null): string[] {
  const files = entryFile === null ? inspection.files : reachable(inspection, entryFile);
  const found = new Set<string>();
  for (const name of files.flatMap((file) => file.far)) {
    if (NOT_TO_BE_HAD.has(name) || !/^[A-Za-z]\w*$/.test(name)) continue;
    found.add(DISTRIBUTIONS[name] ?? name.toLowerCase().replaceAll("_", "-"));
  }
  const uses = (name: string) => files.some((file) => file.far.includes(name));
  if (uses("fastapi") && files.some((file) => file.form)) found.add("python-multipart");
  if ((uses("fastapi") || uses("starlette")) && files.some((file) => file.templates)) found.add("jinja2");
  return [...found].toSorted();
}
