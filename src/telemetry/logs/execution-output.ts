// What executions print: a folder each, with a file for stdout and one for stderr that the programs write by themselves.
import { type Dirent, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { GantryError } from "../../domain/errors.ts";
import type { ExecutionOutput, OutputQuery } from "../../domain/execution-output.ts";
import type { LogLine } from "../../domain/log-line.ts";
import { AppLogs } from "./app-logs.ts";
import { HeadFreer } from "./free-head.ts";
import { lastLines } from "./last-lines.ts";
import { readLogs } from "./read-logs.ts";

export interface ExecutionOutputOptions {
  /** Absolute path of GANTRY_HOME. */
  home: string;
  /** Cap in bytes over both files of one execution: what was printed last stays. */
  maxBytes?: number;
  /** Cap in bytes over all executions of an app, kept by `prune`. */
  maxBytesPerApp: number;
  retentionDays: number;
  /** The newest ones of each app that are kept. */
  keep?: number;
  /** Epoch milliseconds. */
  now?: () => number;
  log?: { warn(message: string, details?: Record<string, unknown>): void };
}

const MAX_BYTES = 8 * 1024 * 1024;
const KEEP = 1_000;
const DAY_MS = 86_400_000;
/** Time for the daemon to attach what it adopts, before anything unattached may be deleted. */
const SETTLE_MS = 10_000;

/** An execution that is watched. */
interface Live {
  logs: AppLogs;
  ended: AbortController;
}

/** See the contract in domain/execution-output.ts. */
export function createExecutionOutput(options: ExecutionOutputOptions): ExecutionOutput {
  const { home, maxBytes = MAX_BYTES, now = Date.now } = options;
  const live = new Map<string, Live>();
  const freer = new HeadFreer();
  const settledAt = now() + SETTLE_MS;
  const warn = (message: string, details: Record<string, unknown>): void =>
    options.log?.warn(message, details);
  const folderOf = (app: string): string => join(home, "apps", plain(app), "logs", "executions");
  const logsOf = (app: string, id: string): AppLogs =>
    live.get(id)?.logs ??
    new AppLogs({ app, folder: join(folderOf(app), plain(id)), maxBytes, now, freer, settledAt, warn });

  return {
    filesOf(app, id) {
      const logs = logsOf(app, id);
      return { out: logs.file("out").path, err: logs.file("err").path };
    },
    attach(app, id) {
      if (live.has(id)) return;
      const logs = logsOf(app, id);
      logs.file("out").attach();
      logs.file("err").attach();
      live.set(id, { logs, ended: new AbortController() });
    },
    detach(id) {
      const entry = live.get(id);
      live.delete(id);
      for (const file of entry?.logs.files.values() ?? []) file.detach();
      entry?.ended.abort();
    },
    read: (app, id, query, signal) => read(logsOf(app, id), live.get(id)?.ended.signal, query, signal),
    async lastLines(app, id, count) {
      const logs = logsOf(app, id);
      const said = await lastLines(logs, "err", count);
      return said.some((line) => line.trim() !== "") ? said : await lastLines(logs, "out", count);
    },
    async prune() {
      if (now() < settledAt) return;
      for (const app of namesIn(join(home, "apps"))) {
        const folder = folderOf(app);
        for (const id of outdated(folder, options, now())) {
          if (!live.has(id)) rmSync(join(folder, id), { recursive: true, force: true });
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    },
    close() {
      for (const { logs } of live.values()) logs.close();
    },
  };
}

/** A follower sees the end: what was written last is read when nothing more can come. */
async function* read(
  logs: AppLogs,
  ended: AbortSignal | undefined,
  { stream, tail, follow }: OutputQuery,
  signal?: AbortSignal,
): AsyncGenerator<LogLine> {
  const query = { ...(stream && { instanceId: stream }), ...(tail !== undefined && { tail }) };
  if (follow !== true || ended === undefined || ended.aborted) return yield* readLogs([logs], query, signal);
  const seen: Record<string, number> = {};
  const until = AbortSignal.any([ended, ...(signal ? [signal] : [])]);
  for await (const line of readLogs([logs], { ...query, follow: true }, until)) {
    seen[line.instanceId] = line.offset;
    yield line;
  }
  if (signal?.aborted) return;
  yield* readLogs([logs], { ...(stream && { instanceId: stream }), after: seen }, signal);
}

/** Ids of an app that are older than the retention, beyond the newest, or beyond the cap; ids sort by time. */
function outdated(
  folder: string,
  { keep = KEEP, retentionDays, maxBytesPerApp }: ExecutionOutputOptions,
  now: number,
): string[] {
  let bytes = 0;
  return namesIn(folder)
    .sort()
    .reverse()
    .filter((id, index) => {
      const found = namesIn(join(folder, id), false).map((name) => usedBy(join(folder, id, name)));
      bytes += found.reduce((sum, file) => sum + file.bytes, 0);
      const newest = Math.max(0, ...found.map((file) => file.at));
      return index >= keep || bytes > maxBytesPerApp || newest < now - retentionDays * DAY_MS;
    });
}

function usedBy(file: string): { bytes: number; at: number } {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? { bytes: 0, at: 0 } : { bytes: stats.blocks * 512, at: stats.mtimeMs };
}

function namesIn(folder: string, folders = true): string[] {
  let entries: Dirent[] = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    // None yet.
  }
  return entries
    .filter((entry) => entry.isDirectory() === folders && /^[\w-][\w.-]*$/.test(entry.name))
    .map(({ name }) => name);
}

/** Names and ids come from checked rows; this only makes sure that no path can be built from one. */
function plain(name: string): string {
  if (/^[\w-][\w.-]*$/.test(name)) return name;
  throw new GantryError("invalid-input", { field: "execution", reason: "that is no execution's id" });
}
