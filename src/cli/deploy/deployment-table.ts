// Deployments as a table, and one in full.
import type { DeploymentView } from "../../domain/deployment-view.ts";
import { harmless } from "../../lib/harmless-text.ts";
import type { Colour, Paint } from "../colour.ts";
import { oneLine } from "../one-line.ts";
import { ago, briefly } from "../quantity.ts";
import type { Cell, Column } from "../table.ts";
import { stageLine } from "./stage-line.ts";

export const deploymentColumns: Column[] = [
  { head: "ID" },
  { head: "APP", shrinkTo: 6 },
  { head: "STATE" },
  { head: "RELEASE", align: "right" },
  { head: "STARTED" },
  { head: "TOOK", align: "right" },
  { head: "BY", shrinkTo: 3 },
  { head: "ABOUT", shrinkTo: 8 },
];

const COLOURS: Record<DeploymentView["state"], Colour> = {
  building: "yellow",
  starting: "yellow",
  done: "green",
  failed: "red",
  cancelled: "grey",
  superseded: "grey",
};

export const deploymentRow = (row: DeploymentView, now: number): Cell[] => [
  row.id,
  harmless(row.app),
  { text: row.state, colour: COLOURS[row.state] },
  row.release === null ? "-" : String(row.release),
  ago(row.startedAt, now),
  briefly(row.durationMs),
  oneLine(row.actor),
  oneLine((row.state === "failed" ? row.reason : null) ?? row.message ?? row.source ?? ""),
];

const LABEL_WIDTH = 9;

export function describeDeployment(row: DeploymentView, paint: Paint, now: number): string[] {
  const rows: [string, string | null][] = [
    ["state", paint(row.state, COLOURS[row.state])],
    ["reason", row.reason === null ? null : oneLine(row.reason)],
    ["release", row.release === null ? null : String(row.release)],
    ["source", row.source === null ? null : oneLine(row.source)],
    ["message", row.message === null ? null : oneLine(row.message)],
    ["started", `${ago(row.startedAt, now)} (${row.startedAt})`],
    ["took", briefly(row.durationMs)],
    ["by", oneLine(row.actor)],
  ];
  const lines = [paint(`${harmless(row.app)} ${row.id}`, "bold")];
  for (const [label, value] of rows)
    if (value !== null) lines.push(`${paint(label.padEnd(LABEL_WIDTH), "grey")} ${value}`);
  lines.push(...row.stages.map((stage) => stageLine(stage, { paint, now })));
  lines.push(...row.lastLines.map((line) => `  ${harmless(line)}`));
  return lines;
}
