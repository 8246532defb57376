// Rows of text in columns, aligned by what a terminal shows.
import type { Colour, Paint } from "./colour.ts";

export interface Column {
  head: string;
  align?: "right";
  /** May be cut, down to this many columns, where the terminal is too narrow. */
  shrinkTo?: number;
}

export type Cell = string | { text: string; colour: Colour | undefined };

const GAP = 2;

/** The lines of the table, head included, without line ends. `width` Infinity cuts nothing. */
export async function tableLines(
  columns: Column[],
  rows: Cell[][],
  look: { width: number; paint: Paint },
): Promise<string[]> {
  const texts = rows.map((row) => row.map(textOf));
  const measure = await measureFor(texts);
  const widths = columns.map((column, index) =>
    texts.reduce((widest, row) => Math.max(widest, measure(row[index] ?? "")), column.head.length),
  );
  shrink(columns, widths, look.width);
  const heads = columns.map(({ head }): Cell => ({ text: head, colour: "grey" }));
  return [heads, ...rows].map((row) => tableLine(row, columns, widths, { measure, paint: look.paint }));
}

const textOf = (cell: Cell): string => (typeof cell === "string" ? cell : cell.text);

/** A plain loop: with a thousand rows this is most of the work of `gantry ls`. */
function tableLine(
  row: Cell[],
  columns: Column[],
  widths: number[],
  { measure, paint }: { measure: Measure; paint: Paint },
): string {
  let line = "";
  let owed = 0;
  for (let index = 0; index < row.length; index++) {
    const cell = row[index] ?? "";
    const width = widths[index] ?? 0;
    let text = textOf(cell);
    let length = measure(text);
    if (length > width) {
      text = truncate(text, width, measure);
      length = measure(text);
    }
    const right = columns[index]?.align === "right";
    if (right) owed += width - length;
    if (text !== "") {
      line += " ".repeat(owed) + (typeof cell === "string" ? text : paint(text, cell.colour));
      owed = 0;
    }
    owed += right ? GAP : width - length + GAP;
  }
  return line;
}

/** Takes from the widest column that may shrink until the table fits, or all are at their least. */
function shrink(columns: Column[], widths: number[], width: number): void {
  let excess = widths.reduce((sum, each) => sum + each, 0) + GAP * (widths.length - 1) - width;
  while (excess > 0 && Number.isFinite(excess)) {
    let widest = -1;
    columns.forEach((column, index) => {
      const own = widths[index] ?? 0;
      if (column.shrinkTo !== undefined && own > column.shrinkTo && own > (widths[widest] ?? 0))
        widest = index;
    });
    if (widest < 0) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
}

type Measure = (text: string) => number;

const length: Measure = (text) => text.length;

/** Counting characters is right for ASCII; the table of wide and combining ones is loaded only for other text. */
export async function measureFor(texts: string[][]): Promise<Measure> {
  if (/^[\x20-\x7e]*$/.test(texts.map((row) => row.join("")).join(""))) return length;
  const { default: stringWidth } = await import("string-width");
  return (text) => (/^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text));
}

/** The text, or its beginning with an ellipsis, in at most `width` columns. */
export function truncate(text: string, width: number, measure: Measure = length): string {
  if (measure(text) <= width) return text;
  let cut = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (measure(cut + segment) > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}
