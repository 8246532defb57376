// The body of a request about an app: read by the same table as the manifest, described for OpenAPI from it.
import type { AppPatch } from "./config-patch.ts";
import { readApp } from "./manifest-app.ts";
import { inputFromJson } from "./manifest-json.ts";
import { APP_KEYS, CONFIG_KEYS, type Key, SECTIONS } from "./manifest-keys.ts";
import type { JsonSchema, Reading } from "./manifest-read.ts";

/**
 * Reads a JSON body: the manifest's keys, or the names of the app's own JSON (`envFile`, `restart.delayMs`, `health.check`).
 * null resets a setting. Throws `invalid-input`, `invalid-name`, `invalid-port`… with `field`.
 */
export const readAppInput = (body: unknown, reading: Reading = { domain: "localhost" }): AppPatch =>
  readApp(inputFromJson(body), reading);

/** JSON Schema of that body (its documentation; `readAppInput` is what checks). */
export function appInputJsonSchema(): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [name, key] of Object.entries(APP_KEYS)) properties[name] = described(key);
  for (const [name, key] of Object.entries(CONFIG_KEYS)) properties[name] = orNull(described(key));
  for (const [name, section] of Object.entries(SECTIONS)) {
    const keys = Object.entries(section.keys).map(([inner, key]) => [inner, orNull(described(key))]);
    properties[name] = orNull({
      type: "object",
      description: section.about,
      properties: Object.fromEntries(keys),
    });
  }
  return { type: "object", properties };
}

const described = (key: Key): JsonSchema => ({ ...key.reader.schema, description: key.about });

const orNull = (schema: JsonSchema): JsonSchema => {
  const { description, ...rest } = schema;
  return { description, anyOf: [rest, { type: "null" }] };
};
