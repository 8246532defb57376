// One line on stderr for work that takes longer than half a second, and Ctrl-C.
import type { Output } from "./output.ts";
import { exitCode } from "./output.ts";
import { write } from "./write.ts";

const PATIENCE_MS = 500;
const FRAME_MS = 100;
const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const CLEAR_LINE = "\r\x1b[2K";

/** Waits for `work`; after half a second says what it waits for, which may change on the way. */
export async function withProgress<T>(
  out: Output,
  what: string | (() => string),
  work: Promise<T>,
): Promise<T> {
  const text = typeof what === "string" ? () => what : what;
  if (out.quiet || out.json) return work;
  let timer = setTimeout(() => {
    if (!out.terminal.live) return out.note(`${text()}…`);
    let frame = 0;
    timer = setInterval(
      () => write(2, `${CLEAR_LINE}${FRAMES[frame++ % FRAMES.length]} ${text()}…`),
      FRAME_MS,
    );
  }, PATIENCE_MS);
  const started = performance.now();
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (out.terminal.live && performance.now() - started > PATIENCE_MS) write(2, CLEAR_LINE);
  }
}

/** What Ctrl-C does at present. */
let present: (() => void) | undefined;

/** From now on Ctrl-C (or TERM) ends this program at once, after saying `message`; what the daemon does goes on. */
export function onInterrupt(out: Output, message: string | (() => string), restore?: () => void): void {
  const end = () => {
    // The terminal has written ^C; whoever restores the screen wipes that away, too.
    if (restore) restore();
    else if (out.terminal.live) write(2, "\n");
    const text = typeof message === "string" ? message : message();
    if (text !== "") out.note(text);
    process.exit(exitCode("interrupted"));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    if (present !== undefined) process.off(signal, present);
    process.once(signal, end);
  }
  present = end;
}
