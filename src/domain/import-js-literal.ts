// One JavaScript literal as data: nothing is executed, and everything computed is refused.
import { type Input, inside, type Mapping, type Place, refuse } from "./manifest-input.ts";

const MAX_DEPTH = 32;
const BLANK = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const STRING =
  /"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'|`[^`\\$]*(?:(?:\\[\s\S]|\$(?!\{))[^`\\$]*)*`/y;
const NUMBER = /[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w$])/y;
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy;

/** Reads the literal that begins at `start`: objects, arrays, texts, numbers, true, false, null, undefined. */
export function parseJsLiteral(source: string, start: number, file: string): Input {
  return new Literal(source, start, file).value({ field: "", file }, 0);
}

class Literal {
  readonly source: string;
  readonly file: string;
  position: number;
  /** How far lines were counted, so that counting never starts over. */
  counted = { upTo: 0, line: 1, lineStart: 0 };

  constructor(source: string, start: number, file: string) {
    this.source = source;
    this.file = file;
    this.position = start;
  }

  value(parent: Place, depth: number): Input {
    const place = this.place(parent.field);
    if (depth > MAX_DEPTH) throw refuse(place, "it is nested too deeply");
    if (this.skip("{")) return this.object(place, depth);
    if (this.skip("[")) return this.array(place, depth);
    const scalar = this.scalar(place);
    this.blank();
    if (depth > 0 && !/[,}\]]/.test(this.source.charAt(this.position))) throw this.computed();
    return scalar;
  }

  object(place: Place, depth: number): Mapping {
    const entries: Mapping["entries"] = [];
    while (!this.skip("}")) {
      const keyPlace = this.place(place.field);
      const key = this.text() ?? this.take(WORD) ?? this.take(NUMBER);
      if (key === undefined || !this.skip(":")) throw this.computed();
      const at = { ...keyPlace, field: inside(place, key).field };
      entries.push({ key, keyPlace: at, value: this.value(at, depth + 1) });
      if (!this.skip(",") && !this.sees("}")) throw this.computed();
    }
    return { type: "map", entries, place };
  }

  array(place: Place, depth: number): Input {
    const items: Input[] = [];
    while (!this.skip("]")) {
      items.push(this.value(inside(place, items.length), depth + 1));
      if (!this.skip(",") && !this.sees("]")) throw this.computed();
    }
    return { type: "list", items, place };
  }

  scalar(place: Place): Input {
    const text = this.text();
    if (text !== undefined) return { type: "scalar", text, kind: "text", exact: true, place };
    const number = this.take(NUMBER)?.replaceAll("_", "");
    if (number !== undefined)
      return { type: "scalar", text: String(Number(number)), kind: "number", exact: true, place };
    const word = this.take(WORD);
    if (word === "true" || word === "false")
      return { type: "scalar", text: word, kind: "boolean", exact: true, place };
    if (word === "null" || word === "undefined")
      return { type: "scalar", text: "", kind: "null", exact: true, place };
    throw this.computed(place);
  }

  text(): string | undefined {
    const raw = this.take(STRING);
    return raw
      ?.slice(1, -1)
      .replaceAll(/\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[\s\S])/g, unescaped);
  }

  take(pattern: RegExp): string | undefined {
    this.blank();
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.source)?.[0];
    if (found === undefined) return undefined;
    this.position += found.length;
    return found;
  }

  sees(sign: string): boolean {
    this.blank();
    return this.source.startsWith(sign, this.position);
  }

  skip(sign: string): boolean {
    const there = this.sees(sign);
    if (there) this.position += sign.length;
    return there;
  }

  blank(): void {
    BLANK.lastIndex = this.position;
    this.position += BLANK.exec(this.source)?.[0].length ?? 0;
  }

  place(field: string): Place {
    this.blank();
    const { counted, source, position } = this;
    for (let end = source.indexOf("\n", counted.upTo); end !== -1 && end < position; ) {
      counted.line++;
      counted.lineStart = end + 1;
      counted.upTo = end + 1;
      end = source.indexOf("\n", counted.upTo);
    }
    return { field, file: this.file, line: counted.line, column: position - counted.lineStart + 1 };
  }

  computed(place: Place = this.place("")): Error {
    return refuse(
      place,
      "this part is computed, and Gantry does not run the file",
      "Write plain values, or give the output of the program as JSON.",
    );
  }
}

const ESCAPES: Record<string, string> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
  "\n": "",
  "\r\n": "",
};

function unescaped(_: string, sign: string): string {
  const code = /^[ux]\{?([0-9a-fA-F]{2,6}|[0-9a-fA-F])\}?$/.exec(sign)?.[1];
  if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff));
  return ESCAPES[sign] ?? sign;
}
