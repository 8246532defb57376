// Lines of output from the daemon, in the batches in which they arrive.
import { Failure } from "./failure.ts";
import type { Session } from "./session.ts";
import { answers } from "./start-daemon.ts";

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

/** A daemon that died is back within seconds; so long it may be away. */
const PATIENCE_MS = 15_000;
const LOOK_MS = 50;
const OVERLAP_MS = 5000;

/** What there is, and then what comes. When the daemon was replaced meanwhile it goes on behind the last line, exactly; throws when none comes back. */
export async function* followLogs(session: Session, query: LogWish): AsyncGenerator<ShownLine[]> {
  const { tail, ...always } = query;
  const seen = new Map<string, number>();
  const began = Date.now();
  let wish: LogWish = query;
  for (;;) {
    const events = session.daemon().stream("/api/logs", { query: { ...wish, follow: "true" } });
    try {
      for await (const { id, data } of events) {
        const line = data as ShownLine;
        if (isNew(id, line, seen)) yield [line];
      }
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== "unreachable") throw error;
    }
    // Times of lines are not exact, so some are asked for twice; their places in the files are.
    wish = { ...always, since: new Date(Math.max(began, Date.now() - OVERLAP_MS)).toISOString() };
    await daemonBack(session);
  }
}

/** The id of an event is `<instance>:<offset behind the line>`. */
function isNew(id: string, { instanceId }: ShownLine, seen: Map<string, number>): boolean {
  const offset = Number(id.slice(id.lastIndexOf(":") + 1));
  if (!Number.isFinite(offset)) return true;
  if (offset <= (seen.get(instanceId) ?? -1)) return false;
  seen.set(instanceId, offset);
  return true;
}

/** Resolves when a daemon answers (again). Throws `unreachable` when none comes. */
export async function daemonBack(session: Session): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await answers(session.home().socket))) {
    if (performance.now() > deadline) {
      throw new Failure("unreachable", "The daemon is gone", {
        code: "daemon-gone",
        hint: "gantry up starts it again.",
      });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
