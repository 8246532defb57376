// What an owner may set, as requests give it: the keys of gantry.yaml in JSON. The domain's table is the only description.
import * as z from "zod";
import type { AppPatch } from "../../domain/config-patch.ts";
import { GantryError } from "../../domain/errors.ts";
import { readApp } from "../../domain/manifest-app.ts";
import type { Input } from "../../domain/manifest-input.ts";
import { inputFromJson } from "../../domain/manifest-json.ts";
import { APP_KEYS, CONFIG_KEYS, type Key, SECTIONS } from "../../domain/manifest-keys.ts";

type JsonSchema = Record<string, unknown>;

const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: "null" }] });

const ofKey = ({ reader, about }: Key): JsonSchema => ({ ...orNull(reader.schema), description: about });

const ofKeys = (keys: Record<string, Key>): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, ofKey(key)]));

const ofSections = (): Record<string, JsonSchema> =>
  Object.fromEntries(
    Object.entries(SECTIONS).map(([name, { about, keys }]) => {
      const schema = { type: "object", properties: ofKeys(keys), additionalProperties: false };
      return [name, { ...orNull(schema), description: about }];
    }),
  );

const appKeys = (): Record<string, JsonSchema> =>
  Object.fromEntries(
    Object.entries(APP_KEYS).map(([name, { reader, about }]) => [
      name,
      { ...reader.schema, description: about },
    ]),
  );

/** Any object for zod; `parseBody` reads it. The properties are for OpenAPI, made only when they are asked for. */
const body = (id: string, required: string[]) =>
  z.record(z.string(), z.unknown()).meta({
    id,
    get properties() {
      return { ...appKeys(), ...ofKeys(CONFIG_KEYS), ...ofSections() };
    },
    propertyNames: undefined,
    additionalProperties: false,
    ...(required.length > 0 && { required }),
  });

export const RegisterBody = body("RegisterApp", ["path"]);
export const PatchBody = body("PatchApp", []);
export const PutBody = body("PutApp", []);

/**
 * Throws `invalid-input` and the like, with the field, for the first thing that is wrong. `typed`: texts are as a person typed
 * them, and read as in gantry.yaml: `8000` is a number where one belongs.
 */
export const readBody = (value: unknown, domain: string, typed = false): AppPatch => {
  const input = inputFromJson(value);
  return readApp(typed ? asTyped(input) : input, { domain });
};

function asTyped(input: Input): Input {
  if (input.type === "list") return { ...input, items: input.items.map(asTyped) };
  if (input.type === "map")
    return { ...input, entries: input.entries.map((entry) => ({ ...entry, value: asTyped(entry.value) })) };
  return input.kind === "text" ? { ...input, exact: false } : input;
}

/** As `readBody`; a new app must say where its folder is. */
export function readNewApp(value: unknown, domain: string): AppPatch & { path: string } {
  const { path, ...rest } = readBody(value, domain);
  if (path === undefined)
    throw new GantryError("invalid-input", {
      reason: "path: it is missing",
      field: "path",
      hint: "Name the app's folder.",
    });
  return { path, ...rest };
}
