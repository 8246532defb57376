// What the daemon and an edge process say to each other: one JSON object a line, over a unix socket that the edge serves.
import type { RouteTable, TrafficReport } from "../domain/route.ts";

export type DaemonMessage =
  | { type: "routes"; table: RouteTable }
  /** Answered by `drained` with the same id once no ordinary request to the instance is in flight. */
  | { type: "drain"; id: number; instanceId: string };

export type EdgeMessage =
  /** First line of each connection. */
  | { type: "hello"; pid: number; version: number | null; connections: number }
  /** The table is in force; `problems` are sentences about forwards that can't be listened on. */
  | { type: "applied"; version: number; problems: string[] }
  | { type: "drained"; id: number }
  | { type: "traffic"; reports: TrafficReport[]; connections: number };

/** Each edge process has a socket of its own in the edge's folder, so that two can live side by side for a moment. */
export const controlSocketName = (pid: number): string => `control-${pid}.sock`;

/** The PID in a control socket's name, or null for other files. */
export function controlSocketPid(name: string): number | null {
  const match = /^control-(\d{1,10})\.sock$/.exec(name);
  return match === null ? null : Number(match[1]);
}

export const ROUTES_FILE = "routes.json";

/** A table is far smaller; whoever sends more is no daemon of ours. */
const MAX_LINE = 64 * 1024 * 1024;

/** Cuts a byte stream into lines and hands each over as a value. Returns false when what comes can't be understood. */
export function lineReader(onMessage: (message: unknown) => void): (bytes: Buffer) => boolean {
  let rest: Buffer[] = [];
  let size = 0;
  return (bytes) => {
    let start = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      rest.push(bytes.subarray(start, end));
      const line = Buffer.concat(rest).toString();
      rest = [];
      size = 0;
      start = end + 1;
      let message: unknown;
      try {
        message = JSON.parse(line);
      } catch {
        return false;
      }
      onMessage(message);
    }
    rest.push(bytes.subarray(start));
    size += bytes.length - start;
    return size <= MAX_LINE;
  };
}

export const line = (message: DaemonMessage | EdgeMessage): string => `${JSON.stringify(message)}\n`;

/** Is this, as it was read from a file or socket, a table that can be used? Structure only. */
export function isRouteTable(value: unknown): value is RouteTable {
  if (typeof value !== "object" || value === null) return false;
  const { version, hosts, targets, forwards } = value as Record<string, unknown>;
  return (
    typeof version === "number" &&
    isRecord(hosts) &&
    Object.values(hosts).every((name) => typeof name === "string") &&
    isRecord(targets) &&
    Object.values(targets).every(isTarget) &&
    Array.isArray(forwards)
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTarget = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value.app === "string" &&
  ["serve", "wait", "unavailable"].includes(value.action as string) &&
  typeof value.waitMs === "number" &&
  Array.isArray(value.upstreams) &&
  value.upstreams.every((upstream) => isRecord(upstream) && typeof upstream.port === "number");
