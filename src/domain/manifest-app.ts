// One app's mapping of keys, read by the table into a patch.
import type { AppPatch } from "./config-patch.ts";
import { type Input, type Mapping, type Place, refuse, refuseNotBuilt } from "./manifest-input.ts";
import {
  ALL_KEYS,
  APP_KEYS,
  CONFIG_KEYS,
  type Key,
  LATER_KEYS,
  SECTIONS,
  type Section,
} from "./manifest-keys.ts";
import { isNull, mapping, type Reading, unknownKey } from "./manifest-read.ts";

/** Reads all keys of one app. Throws for the first wrong one. An empty value means: back to the default. */
export function readApp(input: Input, reading: Reading): AppPatch {
  const app: Record<string, unknown> = {};
  const config: Record<string, unknown> = {};
  for (const given of mapping(input, "settings of an app").entries) {
    const entry = fromJsonName(given);
    const { key, keyPlace, value } = entry;
    if (LATER_KEYS.includes(key)) throw refuseNotBuilt(keyPlace, `The key ${key}`);
    const simple = own(APP_KEYS, key);
    const setting = own(CONFIG_KEYS, key);
    const section = own(SECTIONS, key);
    if (simple) readAppKey(app, simple, value, reading);
    else if (setting) config[setting.to] = readValue(setting, value, reading);
    else if (section) config[section.to] = readSection(section, value, keyPlace, reading);
    else throw unknownKey(keyPlace, key, ALL_KEYS);
  }
  checkTogether(config, input.place);
  return { ...app, config } as AppPatch;
}

function readAppKey(app: Record<string, unknown>, key: Key, value: Input, reading: Reading): void {
  if (isNull(value)) throw refuse(value.place, "it is empty");
  const read = key.reader.read(value, reading);
  if (key.to === "engine" && read !== "process") throw refuseNotBuilt(value.place, `The engine ${read}`);
  app[key.to] = read;
}

const readValue = (key: Key, value: Input, reading: Reading): unknown =>
  isNull(value) ? null : key.reader.read(value, reading);

function readSection(section: Section, input: Input, place: Place, reading: Reading): unknown {
  if (isNull(input)) return null;
  const result: Record<string, unknown> = {};
  for (const given of longForm(section, input).entries) {
    const { key, keyPlace, value } = fromJsonName(given);
    const known = own(section.keys, key);
    if (!known) throw unknownKey(keyPlace, key, Object.keys(section.keys));
    if (value.type === "scalar" && value.text === "false" && known.to === "check" && key !== "command")
      continue;
    if (known.to in result && result[known.to] !== null && known.to === "check")
      throw refuse(keyPlace, "only one of path, tcp, none and command can be used");
    result[known.to] = readValue(known, value, reading);
  }
  if (section.to === "replicas") checkReplicas(result, input.type === "scalar", place);
  return result;
}

/** `restart: never` is `restart: { policy: never }`. */
function longForm(section: Section, input: Input): Mapping {
  if (input.type === "scalar") {
    const short = section.short(input.text);
    if (short) {
      const kind =
        input.exact && (short.value === "true" || short.value === "false") ? "boolean" : input.kind;
      const value: Input = { ...input, text: short.value, kind };
      return { type: "map", place: input.place, entries: [{ key: short.key, keyPlace: input.place, value }] };
    }
  }
  return mapping(input, Object.keys(section.keys).join(", "));
}

function checkReplicas(replicas: Record<string, unknown>, single: boolean, place: Place): void {
  const { min, max } = replicas;
  if (min === 0) throw refuseNotBuilt(place, "Scaling to zero instances");
  if (single) replicas.max = min;
  if (typeof min === "number" && typeof max === "number" && min > max)
    throw refuse(place, `min (${min}) is greater than max (${max})`);
}

function checkTogether(config: Record<string, unknown>, place: Place): void {
  const { run, shell, entry } = config;
  if (typeof run === "string" && typeof entry === "string")
    throw refuse({ ...place, field: "entry" }, "run and entry exclude each other", "Leave one of them out.");
  if (typeof run !== "string") return;
  const trimmed = run.trim();
  if (trimmed.includes("\n") && shell !== true)
    throw refuse({ ...place, field: "run" }, "run has several lines", "Write one line, or set shell: true.");
  config.run = trimmed;
}

/**
 * JSON may also use the names of the app's own JSON (`envFile`, `delayMs: 200`, `memoryBytes`, `check`): what was read from the
 * API can be sent back.
 */
function fromJsonName(entry: Mapping["entries"][number]): Mapping["entries"][number] {
  const { key, keyPlace, value } = entry;
  if (value.type === "scalar" ? !value.exact : keyPlace.file !== undefined) return entry;
  const [, base = key, unit] = /^(.+?)(Ms|Bytes)$/.exec(key) ?? [];
  const snake = base.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (base === "check") return fromJsonCheck(entry);
  if (unit === undefined || value.type !== "scalar") return { key: snake, keyPlace, value };
  if (value.kind === "null") return { key: snake, keyPlace, value };
  const text = `${value.text}${unit === "Ms" ? "ms" : "b"}`;
  return {
    key: snake,
    keyPlace,
    value: { ...value, text, kind: value.kind === "number" ? "text" : "number" },
  };
}

/** `{"type": "http", "path": "/"}` is `path: /`. */
function fromJsonCheck(entry: Mapping["entries"][number]): Mapping["entries"][number] {
  const { keyPlace, value } = entry;
  if (isNull(value)) return { key: "path", keyPlace, value };
  const parts = new Map(mapping(value, "type, path, argv").entries.map((part) => [part.key, part.value]));
  const type = parts.get("type");
  const name = type?.type === "scalar" ? type.text : "";
  if (name === "tcp" || name === "none") {
    const yes: Input = { type: "scalar", text: "true", kind: "boolean", exact: true, place: keyPlace };
    return { key: name, keyPlace, value: yes };
  }
  const part = name === "http" ? parts.get("path") : name === "command" ? parts.get("argv") : undefined;
  if (part === undefined)
    throw refuse(keyPlace, "it must have a type (http, tcp, command, none) and its path or argv");
  return { key: name === "http" ? "path" : "command", keyPlace, value: part };
}

const own = <T>(table: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
