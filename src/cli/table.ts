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

/**
 * The lines of the table, head included, without line ends. `width` Infinity cuts nothing. Plain loops and few calls: with a
 * thousand rows this, in code that was never run before, is most of the work of `gantry ls`.
 */
export async function tableLines(
  columns: Column[],
  rows: Cell[][],
  look: { width: number; paint: Paint },
): Promise<string[]> {
  const widths = columns.map(({ head }) => head.length);
  let texts = "";
  for (const row of rows) {
    for (let index = 0; index < row.length; index++) {
      const cell = row[index] ?? "";
      const text = typeof cell === "string" ? cell : cell.text;
      if (text.length > (widths[index] ?? 0)) widths[index] = text.length;
      texts += text;
    }
  }
  const measure = await measureFor(texts);
  if (measure !== length) widen(widths, rows, columns, measure);
  const fits = shrink(columns, widths, look.width) && measure === length;
  const heads = columns.map(({ head }): Cell => ({ text: head, colour: "grey" }));
  const right = columns.map(({ align }) => align === "right");
  const line = (row: Cell[]) =>
    fits
      ? plainLine(row, right, widths, look.paint)
      : cutLine(row, columns, widths, { measure, paint: look.paint });
  return [heads, ...rows].map(line);
}

const textOf = (cell: Cell): string => (typeof cell === "string" ? cell : cell.text);

/** Where characters are not columns. */
function widen(widths: number[], rows: Cell[][], columns: Column[], measure: Measure): void {
  for (let index = 0; index < columns.length; index++)
    widths[index] = rows.reduce(
      (widest, row) => Math.max(widest, measure(textOf(row[index] ?? ""))),
      columns[index]?.head.length ?? 0,
    );
}

/** Of ASCII that needs no cut. */
function plainLine(row: Cell[], right: boolean[], widths: number[], paint: Paint): string {
  let line = "";
  for (let index = 0; index < row.length; index++) {
    const cell = row[index] ?? "";
    const width = widths[index] ?? 0;
    if (index > 0) line += GAPS;
    if (typeof cell === "string") line += right[index] ? cell.padStart(width) : cell.padEnd(width);
    else {
      const shown = cell.text === "" ? "" : paint(cell.text, cell.colour);
      const padding = " ".repeat(width - cell.text.length);
      line += right[index] ? padding + shown : shown + padding;
    }
  }
  return line.trimEnd();
}

const GAPS = " ".repeat(GAP);

function cutLine(
  row: Cell[],
  columns: Column[],
  widths: number[],
  { measure, paint }: { measure: Measure; paint: Paint },
): string {
  let line = "";
  for (let index = 0; index < row.length; index++) {
    const cell = row[index] ?? "";
    const width = widths[index] ?? 0;
    const text = truncate(textOf(cell), width, measure);
    const shown = typeof cell === "string" || text === "" ? text : paint(text, cell.colour);
    const padding = " ".repeat(Math.max(0, width - measure(text)));
    line += columns[index]?.align === "right" ? padding + shown + GAPS : shown + padding + GAPS;
  }
  return line.trimEnd();
}

/** Takes from the widest column that may shrink until the table fits, or all are at their least. True when nothing is taken. */
function shrink(columns: Column[], widths: number[], width: number): boolean {
  let excess = widths.reduce((sum, each) => sum + each, 0) + GAP * (widths.length - 1) - width;
  if (excess <= 0) return true;
  while (excess > 0 && Number.isFinite(excess)) {
    let widest = -1;
    columns.forEach((column, index) => {
      const own = widths[index] ?? 0;
      if (column.shrinkTo !== undefined && own > column.shrinkTo && own > (widths[widest] ?? 0))
        widest = index;
    });
    if (widest < 0) return false;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return false;
}

type Measure = (text: string) => number;

const length: Measure = (text) => text.length;

/** Counting characters is right for ASCII; the table of wide and combining ones is loaded only for other text. */
export async function measureFor(text: string): Promise<Measure> {
  if (!/[^\x20-\x7e]/.test(text)) return length;
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
