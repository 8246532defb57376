// The last n lines of one app over all its instances.
import type { LogLine } from "../../domain/log-line.ts";
import type { FileLines } from "./file-lines.ts";
import { mergeLines } from "./merge-lines.ts";

/**
 * The newest `count` lines of `sources` (files of one app, oldest first), in order of time. Files that ended before the lines found
 * so far are not opened.
 */
export async function lastOfApp(
  sources: FileLines[],
  count: number,
  final: (source: FileLines) => boolean,
): Promise<LogLine[]> {
  let newest: LogLine[] = [];
  for (const source of sources.toSorted((a, b) => b.file.grownAt - a.file.grownAt)) {
    const oldest = newest.length >= count ? newest[0]?.at : undefined;
    if (oldest !== undefined && oldest !== null && source.file.grownAt < oldest) break;
    const lines: LogLine[] = [];
    for await (const batch of mergeLines([source], final)) {
      lines.push(...batch);
      if (lines.length > 2 * count + 10_000) lines.splice(0, lines.length - count);
    }
    newest = byTime(lines.slice(-count || lines.length), newest).slice(-count || Number.MAX_SAFE_INTEGER);
  }
  return count === 0 ? [] : newest;
}

/** Merges two runs that are in order; `earlier` goes first at equal times. */
function byTime(earlier: LogLine[], later: LogLine[]): LogLine[] {
  const merged: LogLine[] = [];
  let i = 0;
  for (const line of later) {
    for (let next = earlier[i]; next !== undefined && (next.at ?? 0) <= (line.at ?? 0); next = earlier[++i])
      merged.push(next);
    merged.push(line);
  }
  merged.push(...earlier.slice(i));
  return merged;
}
