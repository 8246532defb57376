// `gantry config app key=value…`: the same keys and checks as the manifest, written with dots.
import type { AppPatch } from "./config-patch.ts";
import { GantryError } from "./errors.ts";
import { readApp } from "./manifest-app.ts";
import { type Input, inside, type Mapping, type Place, refuse } from "./manifest-input.ts";
import type { Reading } from "./manifest-read.ts";
import { shown } from "./shown.ts";

const NOWHERE: Place = { field: "" };

/**
 * Reads pairs like `health.path=/h`, `replicas.min=2`, `env.KEY=v`, `enabled=true`. An empty value resets to the default, or
 * removes the variable. Throws `invalid-input` with the key as `field`, `not-built` for keys of later versions.
 */
export function parseConfigChanges(
  pairs: readonly string[],
  reading: Reading = { domain: "localhost" },
): AppPatch {
  const root: Mapping = { type: "map", entries: [], place: NOWHERE };
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals < 1)
      throw new GantryError("invalid-input", {
        reason: `${shown(pair)} is not key=value`,
        hint: "Write for example port=8000 or health.path=/health",
      });
    add(root, pair.slice(0, equals).split("."), pair.slice(equals + 1));
  }
  return readApp(root, reading);
}

function add(mapping: Mapping, path: string[], value: string): void {
  const [key = "", ...rest] = path;
  const place = inside(mapping.place, key);
  const existing = mapping.entries.find((entry) => entry.key === key);
  if (rest.length === 0) {
    if (existing) throw refuse(place, "it is given twice");
    mapping.entries.push({ key, keyPlace: place, value: leaf(value, place) });
    return;
  }
  if (path.length > 8) throw refuse(place, "the key has too many parts");
  if (existing && existing.value.type !== "map") throw refuse(place, "it is given twice");
  const inner: Input = existing?.value ?? { type: "map", entries: [], place };
  if (!existing) mapping.entries.push({ key, keyPlace: place, value: inner });
  if (inner.type === "map") add(inner, rest, value);
}

/** An empty variable is exactly nothing, as JSON's null is: it is removed. */
const leaf = (text: string, place: Place): Input =>
  text === "" && place.field.startsWith("env.")
    ? { type: "scalar", text, kind: "null", exact: true, place }
    : { type: "scalar", text, kind: text === "" ? "null" : "text", exact: false, place };
