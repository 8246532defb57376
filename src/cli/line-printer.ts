// Lines of output on a terminal: each with its app's name, in a colour of its own, where there are several apps.
import { harmless } from "../lib/harmless-text.ts";
import { nameColour } from "./colour.ts";
import type { ShownLine } from "./log-source.ts";
import type { Output } from "./output.ts";

/** `names`: the apps whose names are shown; none when there is only one. Apps that come later get a prefix, too. */
export function linePrinter(out: Output, names: string[]): (lines: ShownLine[]) => void {
  const colours = new Map(names.map((name, index) => [name, nameColour(index)]));
  let width = Math.max(0, ...names.map((name) => name.length));
  const prefix = (name: string): string => {
    if (names.length === 0) return "";
    if (!colours.has(name)) colours.set(name, nameColour(colours.size));
    width = Math.max(width, name.length);
    return `${out.paint(`${harmless(name).padEnd(width)} |`, colours.get(name))} `;
  };
  return (lines) => {
    if (lines.length === 0) return;
    if (out.json) for (const line of lines) out.document(line);
    else
      out.verbatim(
        lines
          .map(({ app, text }) => `${prefix(app)}${harmless(text, { colours: out.terminal.colours })}`)
          .join("\n"),
      );
  };
}
