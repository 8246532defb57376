// One line on stderr for work that takes longer than half a second, and Ctrl-C.
import type { Output } from "./output.ts";
import { exitCode } from "./output.ts";
import { write } from "./write.ts";

const PATIENCE_MS = 500;
const FRAME_MS = 100;
const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const CLEAR_LINE = "\r\x1b[2K";

/** Waits for `work`; after half a second says what it waits for. */
export async function withProgress<T>(out: Output, what: string, work: Promise<T>): Promise<T> {
  if (out.quiet || out.json) return work;
  let timer = setTimeout(() => {
    if (!out.terminal.live) return out.note(`${what}…`);
    let frame = 0;
    timer = setInterval(() => write(2, `${CLEAR_LINE}${FRAMES[frame++ % FRAMES.length]} ${what}…`), FRAME_MS);
  }, PATIENCE_MS);
  const started = performance.now();
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (out.terminal.live && performance.now() - started > PATIENCE_MS) write(2, CLEAR_LINE);
  }
}

/** From now on Ctrl-C (or TERM) ends this program at once, after saying `message`; what the daemon does goes on. */
export function onInterrupt(out: Output, message: string, restore?: () => void): void {
  const end = () => {
    // The terminal has written ^C; whoever restores the screen wipes that away, too.
    if (restore) restore();
    else if (out.terminal.live) write(2, "\n");
    if (message !== "") out.note(message);
    process.exit(exitCode("interrupted"));
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
}
