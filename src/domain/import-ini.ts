// INI text as supervisord reads it: sections, `key=value`, comments, values that go on in indented lines.
import { type Place, refuse } from "./manifest-input.ts";

export interface IniSection {
  name: string;
  place: Place;
  /** Keys in lower case. Without a prototype. */
  values: Record<string, string>;
}

/** Parses `text`; throws `invalid-manifest` with the line for anything that is neither section, pair nor comment. */
export function parseIni(text: string, file: string): IniSection[] {
  const sections: IniSection[] = [];
  let lastKey: string | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = raw.replace(/(?:^|\s);.*$/, "").trimEnd();
    if (line.trim() === "" || /^\s*#/.test(line)) continue;
    const place: Place = { field: "", file, line: index + 1, column: 1 };
    const section = sections.at(-1);
    const header = /^\[([^\]]+)\]$/.exec(line);
    const pair = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(line);
    if (header) {
      sections.push({
        name: (header[1] ?? "").trim(),
        place,
        values: Object.create(null) as Record<string, string>,
      });
      lastKey = undefined;
    } else if (/^\s/.test(line) && section && lastKey !== undefined) {
      section.values[lastKey] = `${section.values[lastKey]}\n${line.trim()}`.trim();
    } else if (pair && section) {
      lastKey = (pair[1] ?? "").toLowerCase();
      section.values[lastKey] = pair[2] ?? "";
    } else throw refuse(place, "it is neither [section] nor key=value");
  }
  return sections;
}
