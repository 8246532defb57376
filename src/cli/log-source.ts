// Lines of output from the daemon, in the batches in which they arrive.
import type { Session } from "./session.ts";

export interface ShownLine {
  app: string;
  instanceId: string;
  at: string | null;
  text: string;
}

export interface LogWish {
  /** Names of apps; all apps, also those that come later, when left out. */
  app?: string[];
  tail?: number;
  /** ISO 8601. */
  since?: string;
  instance?: string;
  grep?: string;
}

/** What there is, then the end. */
export async function* readLogs(session: Session, query: LogWish): AsyncGenerator<ShownLine[]> {
  let text = "";
  const utf8 = new TextDecoder();
  for await (const piece of session.daemon().bytes("/api/logs", { query })) {
    text += utf8.decode(piece, { stream: true });
    const end = text.lastIndexOf("\n") + 1;
    yield parseLines(text.slice(0, end));
    text = text.slice(end);
  }
}

const parseLines = (text: string): ShownLine[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ShownLine);

/** What there is, and then what comes; goes on where it was when the daemon was replaced meanwhile. */
export async function* followLogs(session: Session, query: LogWish): AsyncGenerator<ShownLine[]> {
  for await (const { data } of session.daemon().stream("/api/logs", { query: { ...query, follow: "true" } }))
    yield [data as ShownLine];
}
