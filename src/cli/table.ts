// Texts in columns, aligned by what a terminal shows.
import { harmless } from "../lib/harmless-text.ts";
import type { Colour, Paint } from "./colour.ts";

export interface Column {
  head: string;
  align?: "right";
  /** May be cut, down to this many columns, where the terminal is too narrow. */
  shrinkTo?: number;
}

export interface FilledColumn extends Column {
  /** One for each row. May be foreign: the table shows them harmless. */
  texts: string[];
  /** Of the text in this row, counted from 0. */
  colour?(row: number): Colour | undefined;
}

export interface Look {
  /** Of the terminal; Infinity cuts nothing. */
  width: number;
  /** Left out: no colours. */
  paint?: Paint | undefined;
}

export type Cell = string | { text: string; colour: Colour | undefined };

/** Columns filled with rows: for tables that are never long. */
export const fill = (columns: Column[], rows: Cell[][]): FilledColumn[] =>
  columns.map((column, index) => {
    const cells = rows.map((row) => row[index] ?? "");
    const texts = cells.map((cell) => (typeof cell === "string" ? cell : cell.text));
    const colour = (row: number) => {
      const cell = cells[row];
      return typeof cell === "object" ? cell.colour : undefined;
    };
    return { ...column, texts, colour };
  });

const GAP = 2;

/** The table, head included, in pieces to be written one after the other; each line ends with a line end. */
export async function tablePieces(columns: FilledColumn[], { width, paint }: Look): Promise<string[]> {
  const plain = paint === undefined ? plainPieces(columns, width) : undefined;
  if (plain !== undefined) return plain;
  const all = columns.map((column) => ({ ...column, texts: column.texts.map((text) => harmless(text)) }));
  const measure = await measureFor(all.map(({ texts }) => texts.join("")).join(""));
  const widths = all.map(({ head, texts }) => Math.max(head.length, widest(texts, measure)));
  shrink(all, widths, width);
  const blocks = all.map((column, index) => dress(column, widths[index] ?? 0, measure, paint));
  const [first = [], ...others] = blocks;
  const lines = first.map((start, row) =>
    others.reduce((line, block) => `${line}${GAPS}${block[row]}`, start).trimEnd(),
  );
  return [`${lines.join("\n")}\n`];
}

const GAPS = " ".repeat(GAP);

/** Rows that are laid out at once. */
const STRIP = 100;

/**
 * The table as above, if it is of plain ASCII and fits: nearly always. In code that was never run before, a thousand rows are
 * most of the work of `gantry ls`, and what it throws away is most of that: two garbage collections, if each cell were padded
 * and each line put together. So texts and spaces go through one list that is used again for each strip of rows.
 */
function plainPieces(columns: FilledColumn[], width: number): string[] | undefined {
  const widths = columns.map(({ head, texts }) => Math.max(head.length, widest(texts, length)));
  if (!shrink(columns, widths, width)) return undefined;
  const rows = columns[0]?.texts.length ?? 0;
  const lay = stripLayer(columns, widths);
  const pieces: string[] = [];
  for (let from = -1; from < rows; from += STRIP) {
    const strip = lay(from, Math.min(from + STRIP, rows));
    // Spaces at the end of a line are trimmed elsewhere.
    if (/[^\x20-\x7e\n]| \n/.test(strip)) return undefined;
    pieces.push(strip);
  }
  return pieces;
}

/** Makes the text of the rows `from` up to `to`; row -1 is the head. */
function stripLayer(columns: FilledColumn[], widths: number[]): (from: number, to: number) => string {
  const spaces = Array.from({ length: 2 * Math.max(...widths) + GAP + 1 }, (_, count) => " ".repeat(count));
  const parts: string[] = new Array(STRIP * (2 * columns.length + 1)).fill("");
  return (from, to) => {
    let count = 0;
    for (let row = from; row < to; row++) {
      // What is left of the column before, and the gap.
      let open = 0;
      for (let index = 0; index < columns.length; index++) {
        const { head, texts, align } = columns[index] as FilledColumn;
        const text = row < 0 ? head : (texts[row] as string);
        const rest = (widths[index] as number) - text.length;
        parts[count++] = spaces[align === "right" ? open + rest : open] as string;
        parts[count++] = text;
        open = align === "right" ? GAP : rest + GAP;
      }
      parts[count++] = "\n";
    }
    return (count < parts.length ? parts.slice(0, count) : parts).join("");
  };
}

function widest(texts: string[], measure: Measure): number {
  let width = 0;
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row] as string;
    const own = measure === length ? text.length : measure(text);
    if (own > width) width = own;
  }
  return width;
}

/** Head and texts, cut, painted and padded. */
function dress(
  { head, texts, align, colour }: FilledColumn,
  width: number,
  measure: Measure,
  paint: Paint = (text) => text,
): string[] {
  return [head, ...texts].map((whole, row) => {
    const text = truncate(whole, width, measure);
    const shown = paint(text, row === 0 ? "grey" : colour?.(row - 1));
    const padding = " ".repeat(Math.max(0, width - measure(text)));
    return align === "right" ? padding + shown : shown + padding;
  });
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
