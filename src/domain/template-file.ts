// template.yaml: what a template is called, which secrets it needs and how its app is run.
import { type Document, isScalar, type Node, parseDocument, visit, YAMLMap } from "yaml";
import { readApp } from "./manifest-app.ts";
import { type Input, type Mapping, refuse } from "./manifest-input.ts";
import { line, listOf, mapping, oneOf, type Reading, unknownKey } from "./manifest-read.ts";
import { parseYaml } from "./manifest-yaml.ts";
import type { SecretKind, Template } from "./template.ts";

export interface TemplateTexts {
  /** Of template.yaml; null where there is none: then all its values are the defaults. */
  description: string | null;
  /** Of a gantry.yaml beside it, which may take the place of `config`. */
  manifest: string | null;
  /** The template's name, its title where none is given. */
  name: string;
  /** The folder or address, for errors. */
  place: string;
}

const KEYS = ["title", "description", "tags", "placeholders", "secrets", "config"];
/** An app gets them from whoever makes it. */
const NOT_HERE = ["name", "path"];
const kinds = oneOf<SecretKind>("random", "password");

/** Throws `invalid-manifest` with file, line and column for the first thing that is wrong, and `not-built`. */
export function parseTemplate(
  { description, manifest, name, place }: TemplateTexts,
  reading: Reading,
): Template {
  const file = `${place}/template.yaml`;
  const given = description === null ? new Map<string, Input>() : entriesOf(description, file);
  const config = given.get("config");
  if (config !== undefined && manifest !== null)
    throw refuse(config.place, "config stands here and in gantry.yaml", "Leave one of them out.");
  const own = manifest === null ? null : soleApp(manifest, `${place}/gantry.yaml`);
  const input = own?.input ?? config;
  const one = (key: string) => {
    const value = given.get(key);
    return value === undefined ? null : line.read(value, reading);
  };
  const many = (key: string) => {
    const value = given.get(key);
    return value === undefined ? [] : listOf(line).read(value, reading);
  };
  const from = own === null ? { text: description, path: ["config"] } : { text: manifest, path: own.path };
  return {
    title: one("title") ?? name,
    description: one("description") ?? "",
    tags: many("tags"),
    placeholders: many("placeholders"),
    secrets: secretsOf(given.get("secrets"), reading),
    patch: input === undefined ? { config: {} } : patchOf(input, own !== null, reading),
    manifest: (name) => manifestText(name, input === undefined ? null : from),
  };
}

function entriesOf(text: string, file: string): Map<string, Input> {
  const { entries } = mapping(parseYaml(text, file), "title, description and the like");
  for (const { key, keyPlace } of entries) if (!KEYS.includes(key)) throw unknownKey(keyPlace, key, KEYS);
  return new Map(entries.map(({ key, value }) => [key, value]));
}

function secretsOf(input: Input | undefined, reading: Reading): Template["secrets"] {
  if (input === undefined) return {};
  const { entries } = mapping(input, "names of secrets");
  return Object.fromEntries(
    entries.map(({ key, keyPlace, value }) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]{0,254}$/.test(key))
        throw refuse(keyPlace, "a secret's name has letters, digits and _, and begins with no digit");
      return [key, kinds.read(value, reading)];
    }),
  );
}

/** In a gantry.yaml of its own an app may be named and say that it lies there; neither matters here. */
function patchOf(input: Input, isManifest: boolean, reading: Reading): Template["patch"] {
  const map = mapping(input, "settings of an app");
  const wrong = map.entries.find(({ key }) => NOT_HERE.includes(key));
  if (!isManifest && wrong !== undefined)
    throw refuse(wrong.keyPlace, `${wrong.key} is said by whoever makes the app`, "Leave it out.");
  const { name: _, path, ...patch } = readApp(map, reading);
  if (path !== undefined && !/^\.?\/?$/.test(path))
    throw refuse(map.place, "a template is one app, in the folder of its gantry.yaml", "Leave path out.");
  return patch;
}

function soleApp(text: string, file: string): { input: Mapping; path: string[] } {
  const top = mapping(parseYaml(text, file), "settings");
  const apps = top.entries.find(({ key }) => key === "apps");
  if (apps === undefined) {
    const entries = top.entries.filter(({ key }) => !key.startsWith("x-"));
    return { input: { ...top, entries }, path: [] };
  }
  const [first, ...others] = mapping(apps.value, "app names").entries;
  if (first === undefined || others.length > 0)
    throw refuse(
      apps.keyPlace,
      `it names ${others.length + (first ? 1 : 0)} apps, but a template is one app`,
    );
  const { value } = first;
  const isEmpty = value.type === "scalar" && value.kind === "null";
  const input: Mapping = isEmpty
    ? { type: "map", entries: [], place: value.place }
    : mapping(value, "settings of an app");
  return { input, path: ["apps", first.key] };
}

/** Keeps the comments of who wrote the template. */
function manifestText(name: string, from: { text: string | null; path: string[] } | null): string {
  const document = parseDocument(from?.text ?? "", { version: "1.2", schema: "core", logLevel: "error" });
  repeatAliases(document);
  const found = from === null ? null : document.getIn(from.path, true);
  const node = found instanceof YAMLMap ? found : new YAMLMap();
  for (const key of NOT_HERE) node.delete(key);
  node.flow = false;
  const first = node.items[0]?.key;
  if (isScalar(first) && node.commentBefore) first.commentBefore = node.commentBefore;
  node.commentBefore = null;
  node.items.unshift(document.createPair("name", name));
  document.contents = node as typeof document.contents;
  document.commentBefore = null;
  return document.toString({ lineWidth: 0 });
}

/** What an alias refers to may stand in a part that is left out. How often all is repeated, `parseYaml` has bounded. */
const repeatAliases = (document: Document): void =>
  visit(document, {
    Alias(_, alias) {
      const node = alias.resolve(document)?.clone() as (Node & { anchor?: string }) | undefined;
      if (node !== undefined) delete node.anchor;
      return node;
    },
  });
