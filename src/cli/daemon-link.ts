// The way to the daemon: the typed client, with its errors turned into failures of the command line.
import { type Client, ClientError, createClient } from "../client/client.ts";
import { Failure, type FailureKind } from "./failure.ts";
import type { Output } from "./output.ts";
import { withProgress } from "./progress.ts";
import type { DaemonPlace } from "./start-daemon.ts";

/** True when one had to be started. Handed in, because what lists apps need not load what starts a daemon. */
export type StartDaemon = (place: DaemonPlace) => Promise<boolean>;

/** The client; it throws failures only. */
export interface DaemonLink extends Client {
  /** Starts a daemon where none runs. */
  start(): Promise<void>;
}

export function linkDaemon(place: DaemonPlace, startDaemon: StartDaemon, out: Output): DaemonLink {
  const client = createClient({ socketPath: place.home.socket, name: "cli" });
  async function* translated<T>(values: AsyncGenerator<T>): AsyncGenerator<T> {
    try {
      yield* values;
    } catch (error) {
      throw asFailure(error);
    }
  }
  return {
    request: (...args) => client.request(...args).catch((error) => Promise.reject(asFailure(error))),
    stream: (...args) => translated(client.stream(...args)),
    bytes: (...args) => translated(client.bytes(...args)),
    async start() {
      const started = await withProgress(out, "Starting Gantry's daemon", startDaemon(place));
      if (started) out.note("Started Gantry's daemon.");
    },
  };
}

const BY_STATUS: Record<number, FailureKind> = {
  401: "denied",
  403: "denied",
  404: "missing",
  409: "conflict",
  412: "conflict",
  400: "invalid",
  413: "invalid",
  415: "invalid",
  422: "invalid",
};

/** Refused as input by status, yet it is the app that failed, not the one who asked. */
const FAILED = new Set(["build-failed", "start-failed"]);

function asFailure(error: unknown): unknown {
  if (!(error instanceof ClientError)) return error;
  const { code, status, message, field, id } = error;
  if (status === 0) {
    const text = error.absent ? "No daemon is running" : message;
    const hint = error.absent
      ? "gantry up starts it, with your apps."
      : "Its log is daemon.log in Gantry's home.";
    return new Failure("unreachable", text, { code, hint });
  }
  const kind = FAILED.has(code) ? "failed" : (BY_STATUS[status] ?? "failed");
  return new Failure(kind, message, { code, hint: error.hint, field, id });
}
