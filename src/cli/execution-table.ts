// Finite runs as a table.
import type { ExecutionView } from "../domain/execution-view.ts";
import { harmless } from "../lib/harmless-text.ts";
import type { Colour } from "./colour.ts";
import { oneLine } from "./one-line.ts";
import { ago, duration } from "./quantity.ts";
import type { Cell, Column } from "./table.ts";

export const executionColumns: Column[] = [
  { head: "ID" },
  { head: "APP", shrinkTo: 8 },
  { head: "RUN", shrinkTo: 8 },
  { head: "RESULT" },
  { head: "STARTED" },
  { head: "TOOK", align: "right" },
  { head: "REASON", shrinkTo: 16 },
];

const COLOURS: Record<ExecutionView["state"], Colour> = {
  running: "yellow",
  done: "green",
  failed: "red",
  timed_out: "red",
  lost: "red",
  cancelled: "grey",
  skipped: "grey",
  missed: "yellow",
};

export const executionColour = (state: ExecutionView["state"]): Colour => COLOURS[state];

/** `timed out`. */
export const resultText = (state: ExecutionView["state"]): string => state.replace("_", " ");

export const executionRow = (row: ExecutionView, now: number): Cell[] => [
  row.id,
  harmless(row.app),
  harmless(row.name),
  { text: resultText(row.state), colour: executionColour(row.state) },
  ago(row.startedAt ?? row.createdAt, now),
  row.durationMs === null ? "-" : duration(row.durationMs),
  row.reason === null ? "" : oneLine(row.reason),
];
