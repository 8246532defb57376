// YAML text to a tree of inputs: YAML 1.2 core schema, no duplicate keys, no unknown tags, bounded in every direction.
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from "yaml";
import { type Input, inside, type Mapping, type Place, refuse, type Scalar } from "./manifest-input.ts";
import { shown } from "./shown.ts";

const MAX_TEXT = 1024 * 1024;
const MAX_DEPTH = 32;
/** Nodes after aliases are followed: a bomb is stopped here. */
const MAX_NODES = 100_000;
/** So many brackets or dashes in a row would keep the parser busy for seconds. */
const TOO_DEEP = /(?:[[{]\s*){64}|(?:[-?] +){64}/;
const CORE_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

interface Walk {
  file: string;
  foreign: boolean;
  lines: LineCounter;
  /** Filled in the order of the document: an alias refers to the latest anchor before it. */
  anchors: Map<string, Node>;
  nodes: number;
}

/**
 * Parses `text`; every problem is an `invalid-manifest` with file, line and column. JSON is YAML too. `foreign` is for other
 * programs' files: merge keys are followed and tags are ignored.
 */
export function parseYaml(text: string, file: string, { foreign = false } = {}): Input {
  const top: Place = { field: "", file };
  if (text.length > MAX_TEXT) throw refuse(top, "it is larger than 1 MB");
  if (text.includes("\0")) throw refuse(top, "it is not text");
  if (TOO_DEEP.test(text)) throw refuse(top, "it is nested too deeply");
  const lines = new LineCounter();
  const document = compose(text, top, lines);
  const walk: Walk = { file, foreign, lines, anchors: new Map(), nodes: 0 };
  const problem = document.errors[0] ?? (foreign ? undefined : document.warnings[0]);
  if (problem) throw refuse(placeAt(walk, "", problem.pos[0]), sentence(problem));
  if (document.contents === null) throw refuse(top, "it is empty");
  return toInput(walk, document.contents, "", 0);
}

function compose(text: string, top: Place, lineCounter: LineCounter): Document {
  try {
    // uniqueKeys is quadratic in the parser; toMapping does it.
    return parseDocument(text, {
      lineCounter,
      version: "1.2",
      schema: "core",
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "error",
    });
  } catch {
    throw refuse(top, "it is nested too deeply");
  }
}

function toInput(walk: Walk, given: Node | null, field: string, depth: number): Input {
  const place = placeAt(walk, field, given?.range?.[0]);
  if (depth > MAX_DEPTH) throw refuse(place, "it is nested too deeply");
  if (++walk.nodes > MAX_NODES)
    throw refuse(place, "it has too many parts (aliases count with what they repeat)");
  const node = follow(walk, given);
  if (node === undefined) throw refuse(place, "it refers to an anchor that does not exist");
  if (!walk.foreign && node?.tag !== undefined && !CORE_TAG.test(node.tag))
    throw refuse(place, `unknown tag ${shown(node.tag)}`);
  if (isMap(node)) return toMapping(walk, node.items as Pairs, place, depth);
  if (isSeq(node)) {
    const items = node.items.map((item, i) => toInput(walk, item as Node, inside(place, i).field, depth + 1));
    return { type: "list", items, place };
  }
  if (node !== null && !isScalar(node)) throw refuse(place, "it can't be understood");
  return toScalar(node, place);
}

function follow(walk: Walk, node: Node | null): Node | null | undefined {
  if (isAlias(node)) return walk.anchors.get(node.source);
  if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined)
    walk.anchors.set(node.anchor, node);
  return node;
}

type Pairs = { key: unknown; value: Node | null }[];

function toMapping(walk: Walk, pairs: Pairs, place: Place, depth: number): Mapping {
  const seen = new Map<string, number | undefined>();
  const merged: Mapping["entries"] = [];
  const entries: Mapping["entries"] = [];
  for (const { key, value } of pairs) {
    const keyNode = follow(walk, key as Node | null);
    if (!isScalar(keyNode)) throw refuse(place, "a key must be plain text");
    const name = toScalar(keyNode, place).text;
    const keyPlace = placeAt(walk, inside(place, name).field, (key as Node).range?.[0]);
    if (name === "<<" && walk.foreign) {
      merged.push(...mergedEntries(toInput(walk, value, keyPlace.field, depth + 1)));
      continue;
    }
    if (name === "<<") throw refuse(keyPlace, "merge keys are not part of YAML 1.2", "Write the keys out.");
    if (seen.has(name))
      throw refuse(keyPlace, `${shown(name)} stands twice (first in line ${seen.get(name)})`);
    seen.set(name, keyPlace.line);
    const input = toInput(walk, value, keyPlace.field, depth + 1);
    entries.push({ key: name, keyPlace, value: value === null ? { ...input, place: keyPlace } : input });
  }
  for (const entry of merged) if (!entries.some(({ key }) => key === entry.key)) entries.push(entry);
  return { type: "map", entries, place };
}

function mergedEntries(input: Input): Mapping["entries"] {
  if (input.type === "map") return input.entries;
  return input.type === "list" ? input.items.flatMap(mergedEntries) : [];
}

function toScalar(node: { value: unknown; source?: string | undefined } | null, place: Place): Scalar {
  const value = node?.value ?? null;
  const kind = value === null ? "null" : typeof value;
  const text = node?.source ?? (value === null ? "" : String(value));
  return {
    type: "scalar",
    text,
    kind: kind === "number" || kind === "boolean" || kind === "null" ? kind : "text",
    exact: false,
    place,
  };
}

function placeAt(walk: Walk, field: string, offset: number | undefined): Place {
  if (offset === undefined) return { field, file: walk.file };
  const { line, col } = walk.lines.linePos(offset);
  return { field, file: walk.file, line: Math.max(1, line), column: Math.max(1, col) };
}

/** The parser's own words for people, where it does not speak to programmers. */
function sentence({ code, message }: { code: string; message: string }): string {
  if (code === "MULTIPLE_DOCS") return "a second document begins here (after ---): write one file for each";
  return message.charAt(0).toLowerCase() + message.slice(1);
}
