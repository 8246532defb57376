// One finite run in full, as lines for people.
import type { ExecutionView } from "../domain/execution-view.ts";
import { harmless } from "../lib/harmless-text.ts";
import type { Paint } from "./colour.ts";
import { exitText } from "./describe-app.ts";
import { executionColour, resultText } from "./execution-table.ts";
import { oneLine } from "./one-line.ts";
import { ago, duration, size } from "./quantity.ts";
import { inQuotes } from "./setting-lines.ts";

const LABEL_WIDTH = 10;

export function describeExecution(row: ExecutionView, paint: Paint, now: number): string[] {
  const rows: [string, string | null][] = [
    ["result", paint(resultText(row.state), executionColour(row.state))],
    ["reason", row.reason === null ? null : oneLine(row.reason)],
    ["exit", exitText(row.exit)],
    ["app", `${harmless(row.app)}${row.release === null ? "" : `, release ${row.release}`}`],
    ["command", harmless(inQuotes(row.argv))],
    ["started", row.startedAt === null ? "never" : `${ago(row.startedAt, now)} (${row.startedAt})`],
    ["took", row.durationMs === null ? null : duration(row.durationMs)],
    ["time-out", row.timeoutMs === null ? null : duration(row.timeoutMs)],
    ["cpu", row.cpuMs === null ? null : duration(row.cpuMs)],
    ["memory", row.peakMemoryBytes === null ? null : `${size(row.peakMemoryBytes)} at most`],
    ["attempt", row.attempt > 1 ? String(row.attempt) : null],
    ["by", harmless(row.actor)],
  ];
  const lines = [paint(`${harmless(row.name)} ${row.id}`, "bold")];
  for (const [label, value] of rows)
    if (value !== null) lines.push(`${paint(label.padEnd(LABEL_WIDTH), "grey")} ${value}`);
  return lines;
}
