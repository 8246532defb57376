// `gantry logs`: history in order of time, then, when asked for, the news.
import type { LogLine, LogQuery } from "../../domain/log-line.ts";
import type { AppLogs } from "./app-logs.ts";
import { FileLines, type Wanted } from "./file-lines.ts";
import { Follower } from "./follow.ts";
import { lineFilter } from "./grep-lines.ts";
import { lastOfApp } from "./last-of-app.ts";
import type { LogFile } from "./log-file.ts";
import { mergeLines } from "./merge-lines.ts";

/** Lines of `apps` as `query` asks; throws `invalid-input` for a wrong grep. Ends without an error when `signal` aborts. */
export async function* readLogs(
  apps: AppLogs[],
  query: LogQuery,
  signal: AbortSignal | undefined,
): AsyncGenerator<LogLine> {
  const wanted = wantedOf(query);
  const follower = query.follow ? new Follower(apps, wanted, signal) : undefined;
  for (const app of apps) app.readers++;
  try {
    const sources = apps.map((app) =>
      app.scan().flatMap((file) => {
        const how = wanted(file);
        return how ? [new FileLines(file, how)] : [];
      }),
    );
    for (const ofApp of sources) follower?.addAll(ofApp);
    for await (const lines of history(sources, query)) {
      if (signal?.aborted) return;
      yield* lines;
    }
    if (!follower) return;
    for await (const lines of follower.news()) yield* lines;
  } finally {
    for (const app of apps) app.readers--;
    await follower?.close();
  }
}

function wantedOf(query: LogQuery): (file: LogFile) => Wanted | undefined {
  const filter = lineFilter(query.grep);
  const { since, instanceId, after = {} } = query;
  const tail = query.tail === undefined ? undefined : Math.max(0, query.tail);
  return (file) => {
    if (instanceId !== undefined && file.instanceId !== instanceId) return undefined;
    const offset = Object.hasOwn(after, file.instanceId) ? after[file.instanceId] : undefined;
    return {
      tail: query.after ? undefined : tail,
      since: query.after ? undefined : since,
      filter,
      after: offset,
    };
  };
}

/** A living instance's unfinished line is left for the news. */
async function* history(sources: FileLines[][], query: LogQuery): AsyncGenerator<LogLine[]> {
  const final = ({ file }: FileLines): boolean => !query.follow || !file.attached;
  const { tail } = query;
  if (tail === undefined || query.after !== undefined) {
    yield* mergeLines(sources.flat(), final);
    return;
  }
  const newest: LogLine[] = [];
  for (const ofApp of sources) newest.push(...(await lastOfApp(ofApp, Math.max(0, tail), final)));
  if (sources.length > 1) newest.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  yield newest;
}
