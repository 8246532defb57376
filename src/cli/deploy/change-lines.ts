// What one release changed, as lines for people.
import type { FileChange } from "../../domain/code.ts";
import { harmless } from "../../lib/harmless-text.ts";
import type { Colour, Paint } from "../colour.ts";
import { oneLine } from "../one-line.ts";

const WORDS: Record<FileChange["change"], { mark: string; colour: Colour }> = {
  added: { mark: "A", colour: "green" },
  removed: { mark: "D", colour: "red" },
  changed: { mark: "M", colour: "yellow" },
};

const LINE_COLOURS: Record<string, Colour> = { "+": "green", "-": "red", "@": "cyan" };

export function changeLines(changes: FileChange[], paint: Paint): string[] {
  return changes.flatMap(({ path, change, diff }) => {
    const { mark, colour } = WORDS[change];
    const head = `${paint(mark, colour)} ${paint(oneLine(path), "bold")}`;
    if (diff === null) return [`${head}  (no text, or too large to be shown)`];
    const lines = diff.replace(/\n$/, "").split("\n");
    // The first two only name the file.
    const colourOf = (line: string, at: number) => (at < 2 ? "grey" : LINE_COLOURS[line.charAt(0)]);
    return [head, ...lines.map((line, at) => paint(harmless(line), colourOf(line, at)))];
  });
}
