// Releases as a table.
import type { ReleaseView } from "../../domain/release-view.ts";
import type { Colour } from "../colour.ts";
import { oneLine } from "../one-line.ts";
import { ago, briefly, size } from "../quantity.ts";
import type { Cell, Column } from "../table.ts";

export const releaseColumns: Column[] = [
  { head: "RELEASE", align: "right" },
  { head: "STATE" },
  { head: "MADE" },
  { head: "BY", shrinkTo: 6 },
  { head: "BUILD", align: "right" },
  { head: "SIZE", align: "right" },
  { head: "SOURCE", shrinkTo: 12 },
  { head: "MESSAGE", shrinkTo: 12 },
];

const COLOURS: Record<ReleaseView["state"], Colour | undefined> = {
  serving: "green",
  good: undefined,
  failed: "red",
  kept: "grey",
};

/** A star marks those that are pinned. */
export const releaseRow = (row: ReleaseView, now: number): Cell[] => [
  String(row.number),
  { text: `${row.state}${row.pinned ? "*" : ""}`, colour: COLOURS[row.state] },
  ago(row.createdAt, now),
  oneLine(row.author ?? "-"),
  briefly(row.buildMs),
  row.size === null ? "-" : size(row.size),
  oneLine(row.source ?? (row.code === "tree" ? "a draft" : "-")),
  oneLine(row.message ?? ""),
];
