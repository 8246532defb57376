// The lines of several files in order of time.
import type { LogLine } from "../../domain/log-line.ts";
import type { FileLines } from "./file-lines.ts";

interface Stream {
  source: FileLines;
  /** Time of the next line; before the file was opened, the time of its birth. */
  key: number;
  lines: LogLine[];
  next: number;
}

/**
 * History of all `sources`, merged; each is opened only when its time has come. `final` says which of them end with an
 * unfinished line that counts.
 */
export async function* mergeLines(
  sources: FileLines[],
  final: (source: FileLines) => boolean,
): AsyncGenerator<LogLine[]> {
  const streams = sources
    .map((source): Stream => ({ source, key: source.file.bornAt, lines: [], next: 0 }))
    .sort((a, b) => a.key - b.key);
  try {
    for (let stream = streams.shift(); stream !== undefined; stream = streams.shift()) {
      if (stream.next >= stream.lines.length) {
        if (!(await refill(stream, final(stream.source)))) await stream.source.rest();
        else insert(streams, stream);
        continue;
      }
      const until = streams[0]?.key ?? Number.POSITIVE_INFINITY;
      const from = stream.next;
      while (stream.next < stream.lines.length && keyOf(stream) <= until) stream.next++;
      // Ties are settled by position, so that every turn moves on.
      if (stream.next === from) stream.next++;
      yield stream.lines.slice(from, stream.next);
      if (stream.next < stream.lines.length) stream.key = keyOf(stream);
      insert(streams, stream);
    }
  } finally {
    for (const source of sources) await source.rest();
  }
}

/** Loads the next lines; false at the end of the history. */
async function refill(stream: Stream, final: boolean): Promise<boolean> {
  for (;;) {
    const { lines, more } = await stream.source.next(stream.source.end, final);
    if (!more) return false;
    if (lines.length === 0) continue;
    stream.lines = lines;
    stream.next = 0;
    stream.key = keyOf(stream);
    return true;
  }
}

/** A line without a time comes directly after the one in front of it. */
const keyOf = (stream: Stream): number => Math.max(stream.key, stream.lines[stream.next]?.at ?? stream.key);

function insert(streams: Stream[], stream: Stream): void {
  let low = 0;
  let high = streams.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((streams[middle]?.key ?? 0) < stream.key) low = middle + 1;
    else high = middle;
  }
  streams.splice(low, 0, stream);
}
