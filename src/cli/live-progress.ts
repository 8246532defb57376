// What apps do while one waits for them: a small table drawn in place on a terminal, else one line per change.
import { harmless } from "../lib/harmless-text.ts";
import { stateColour } from "./colour.ts";
import { oneLine } from "./one-line.ts";
import type { Output } from "./output.ts";
import { duration } from "./quantity.ts";
import { isSettled } from "./settled.ts";
import { measureFor, truncate } from "./table.ts";
import type { Watched } from "./watch-apps.ts";
import { write } from "./write.ts";

const FRAME_MS = 100;
const SPINNER = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];

export interface LiveProgress {
  show(watched: Watched): void;
  /** Takes the table away; may be called twice. */
  end(): void;
}

export function liveProgress(out: Output, names: string[]): LiveProgress {
  if (out.json || out.quiet) return { show: () => {}, end: () => {} };
  if (names.length > MANY) return counted(out, names.length);
  return out.terminal.live && names.length < (process.stderr.rows || 24) - 2
    ? inPlace(out, names)
    : plain(out, names);
}

/** Of more apps than this only the number of those that are done is shown. */
const MANY = 50;

function counted(out: Output, total: number): LiveProgress {
  const done = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  if (out.terminal.live)
    timer = setInterval(
      () => write(2, `\r\x1b[2K${done.size} of ${total} apps are up or have ended…`),
      FRAME_MS,
    );
  else out.note(`Starting ${total} apps…`);
  return {
    show({ app }) {
      if (isSettled(app.state)) done.add(app.id);
      else done.delete(app.id);
    },
    end() {
      if (timer !== undefined) write(2, "\r\x1b[2K");
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** Lines for pipes and log files; the same line is not repeated. */
function plain(out: Output, names: string[]): LiveProgress {
  const width = Math.max(...names.map((name) => name.length));
  const last = new Map<string, string>();
  return {
    show({ app, doing }) {
      const text = [app.state, isSettled(app.state) ? app.reason : doing]
        .filter((part) => part !== null)
        .join(": ");
      if (last.get(app.name) === text) return;
      last.set(app.name, text);
      out.note(`${harmless(app.name).padEnd(width)}  ${oneLine(text)}`);
    },
    end: () => {},
  };
}

function inPlace(out: Output, names: string[]): LiveProgress {
  const started = performance.now();
  const width = Math.max(...names.map((name) => name.length));
  const rows = new Map<string, { watched: Watched | undefined; ms: number }>(
    names.map((name) => [name, { watched: undefined, ms: 0 }]),
  );
  let frame = 0;
  let drawn = 0;
  const columns = () => (process.stderr.columns || 80) - 1;

  const line = (name: string, { watched, ms }: { watched: Watched | undefined; ms: number }): string => {
    const state = watched?.app.state ?? "waiting";
    const settled = watched !== undefined && isSettled(watched.app.state);
    const mark = settled ? (state === "running" ? "✓" : "•") : (SPINNER[frame % SPINNER.length] ?? "");
    const doing = oneLine((settled ? watched.app.reason : watched?.doing) ?? "");
    const head = `${mark} ${harmless(name).padEnd(width)}  ${state.padEnd(11)} ${duration(ms).padStart(6)}  `;
    return (
      out.paint(head, stateColour(state)) + truncate(doing, Math.max(0, columns() - head.length), measure)
    );
  };
  const draw = () => {
    frame++;
    const elapsed = performance.now() - started;
    for (const row of rows.values())
      if (row.watched === undefined || !isSettled(row.watched.app.state)) row.ms = elapsed;
    const text = [...rows].map(([name, row]) => `${line(name, row)}\x1b[K\n`).join("");
    write(2, `${drawn > 0 ? `\x1b[${drawn}A` : ""}${text}`);
    drawn = rows.size;
  };
  let measure = (text: string) => text.length;
  void measureFor("✓").then((exact) => {
    measure = exact;
  });
  const timer = setInterval(draw, FRAME_MS);
  return {
    show(watched) {
      const row = rows.get(watched.app.name);
      if (row !== undefined) row.watched = watched;
    },
    end() {
      clearInterval(timer);
      // Back to the first line of the table, and away with it: the final table takes its place.
      if (drawn > 0) write(2, `\r\x1b[${drawn}A\x1b[J`);
      drawn = 0;
    },
  };
}
