// One stage of a deployment as a line for people.
import type { DeploymentView } from "../../domain/deployment-view.ts";
import type { Colour, Paint } from "../colour.ts";
import { oneLine } from "../one-line.ts";
import { briefly } from "../quantity.ts";
import { truncate } from "../table.ts";

export type StageView = DeploymentView["stages"][number];

const MARKS: Record<StageView["state"], { mark: string; colour: Colour }> = {
  running: { mark: "·", colour: "yellow" },
  done: { mark: "✓", colour: "green" },
  failed: { mark: "✗", colour: "red" },
  cancelled: { mark: "–", colour: "grey" },
};

const NAME_WIDTH = 8;
const TIME_WIDTH = 7;

interface Look {
  paint: Paint;
  /** Epoch milliseconds. */
  now: number;
  /** In place of the mark of one that runs. */
  spinner?: string;
  /** Columns of the terminal; default: nothing is cut. */
  width?: number;
  measure?: (text: string) => number;
}

/** `✓ build       4.3 s  12 packages`. */
export function stageLine(stage: StageView, { paint, now, spinner, width, measure }: Look): string {
  const { mark, colour } = MARKS[stage.state];
  const ms = stage.durationMs ?? Math.max(0, now - Date.parse(stage.startedAt));
  const head = `${stage.stage.padEnd(NAME_WIDTH)} ${briefly(ms).padStart(TIME_WIDTH)}`;
  const shown = stage.state === "running" && spinner !== undefined ? spinner : mark;
  const message = stage.message === null ? "" : `  ${oneLine(stage.message)}`;
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(0, width - head.length - 2);
  return `${paint(shown, colour)} ${head}${message === "" ? "" : truncate(message, room, measure)}`;
}
