// The contract of what executions print: kept apart for stdout and stderr, bounded, read back while they run and afterwards.
import type { LogLine } from "./log-line.ts";

export type OutputStream = "out" | "err";

export interface OutputQuery {
  /** Only this one; both in about the order of time when left out. `LogLine.instanceId` names the stream. */
  stream?: OutputStream;
  /** The last lines; all when undefined. */
  tail?: number;
  /** Go on with new lines until the execution has ended. */
  follow?: boolean;
}

/** `app` is the name of the folder that the app has in `GANTRY_HOME/apps`. */
export interface ExecutionOutput {
  /** Absolute paths of both files; makes their folder. */
  filesOf(app: string, executionId: string): { out: string; err: string };
  /** Begins to watch the growing files: their cap is kept. */
  attach(app: string, executionId: string): void;
  /** It has ended: nothing more will come. */
  detach(executionId: string): void;
  read(app: string, executionId: string, query: OutputQuery, signal?: AbortSignal): AsyncIterable<LogLine>;
  /** The last lines of stderr, where it said something there, else of stdout. */
  lastLines(app: string, executionId: string, count: number): Promise<string[]>;
  /** Removes what is too old, too many or too large; called by the daemon now and then. */
  prune(): Promise<void>;
  close(): void;
}
