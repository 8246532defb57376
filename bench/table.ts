// Prints rows of results for people.
import type { Row } from "./bench.ts";

const number = (value: number): string => {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
};

function cells({ figure, gantry, unit, bare, p95, target, reached }: Row): string[] {
  const tail = p95 === undefined ? "" : ` (p95 ${number(p95)})`;
  return [
    figure,
    `${number(gantry)} ${unit}${tail}`,
    bare === null ? "–" : `${number(bare)} ${unit}`,
    bare === null || bare === 0 ? "–" : `${number(gantry / bare)} ×`,
    target,
    reached === null ? "–" : reached ? "yes" : "NO",
  ];
}

/** The rows under a head, in columns as wide as they need to be. */
export function formatTable(rows: Row[]): string {
  const lines = [["figure", "Gantry", "bare", "ratio", "target", "reached"], ...rows.map(cells)];
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
