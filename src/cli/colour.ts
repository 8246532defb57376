// The few colours of the command line.
import type { AppState } from "../domain/state.ts";

export type Colour = "green" | "grey" | "red" | "yellow" | "bold" | "cyan" | "magenta" | "blue";

/** SGR parameters on and off (ECMA-48). */
const CODES: Record<Colour, [number, number]> = {
  green: [32, 39],
  grey: [90, 39],
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  magenta: [35, 39],
  blue: [34, 39],
  bold: [1, 22],
};

export type Paint = (text: string, colour?: Colour) => string;

/** The painter for a terminal with or without colours. */
export const painter =
  (colours: boolean): Paint =>
  (text, colour) => {
    if (!colours || colour === undefined || text === "") return text;
    const [on, off] = CODES[colour];
    return `\x1b[${on}m${text}\x1b[${off}m`;
  };

const STATES: Record<AppState, Colour> = {
  running: "green",
  failed: "red",
  stopped: "grey",
  disabled: "grey",
  sleeping: "grey",
  uploaded: "grey",
  installed: "grey",
  deleted: "grey",
  unhealthy: "yellow",
  "backing-off": "yellow",
  starting: "yellow",
  stopping: "yellow",
  installing: "yellow",
  unknown: "yellow",
};

export const stateColour = (state: string): Colour => STATES[state as AppState] ?? "yellow";

const NAMES: Colour[] = ["cyan", "magenta", "green", "blue", "yellow"];

/** The colour of an app's prefix in mixed logs: the same for the same place in the list. */
export const nameColour = (index: number): Colour => NAMES[index % NAMES.length] ?? "cyan";
