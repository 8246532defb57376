// Output of instances, as it is read back.

export interface LogLine {
  app: string;
  instanceId: string;
  /** Epoch milliseconds, about when it was written; null when unknown. */
  at: number | null;
  /** Without line end; invalid UTF-8 replaced; escape sequences kept (faces make them harmless). */
  text: string;
  /** Byte offset just behind the line in its file: where to go on. */
  offset: number;
}

export interface LogQuery {
  /** The last n lines of each app; all when undefined. */
  tail?: number;
  /** Epoch milliseconds. */
  since?: number;
  instanceId?: string;
  /** Plain text that the line must contain, or a regular expression when written /…/. */
  grep?: string;
  follow?: boolean;
  /** Goes on behind these offsets (by instance id; `LogLine.offset`) instead of `tail` and `since`; other instances from their start. */
  after?: Record<string, number>;
}

/** Log files of instances: `apps/<name>/logs/<instanceId>.log`. Written by the instances themselves, never through the daemon. */
export interface Logs {
  /** Absolute path of the instance's file; makes its folder. Synchronous: on the way to a start. */
  fileOf(app: string, instanceId: string): string;
  /** Begins to watch a growing file: index of offsets and times, byte cap. Cheap while it is quiet. */
  attach(app: string, instanceId: string): void;
  /** Stops watching; the file stays for reading until it is pruned. */
  detach(instanceId: string): void;
  /** Lines of one or several apps in order of time. Ends unless `follow`; a follower sees instances that start later. */
  read(apps: string[], query: LogQuery, signal?: AbortSignal): AsyncIterable<LogLine>;
  /** The last lines of one instance, quickly (a few kB read from the end). */
  lastLines(app: string, instanceId: string, count: number): Promise<string[]>;
  /** Ends files beyond cap, retention or number; called by the daemon now and then. */
  prune(): Promise<void>;
  /** The app's folder was moved or removed: drops what is known of its files. None of them may be attached. */
  forget(app: string): void;
  close(): void;
}
