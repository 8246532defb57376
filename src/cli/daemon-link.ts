// The way to the daemon: the typed client, with its errors turned into failures of the command line.
import { type Client, ClientError, createClient } from "../client/client.ts";
import { buildStamp, STAMP_HEADER } from "../lib/build-stamp.ts";
import { Failure, type FailureKind } from "./failure.ts";
import type { Output } from "./output.ts";
import { withProgress } from "./progress.ts";
import type { DaemonPlace } from "./start-daemon.ts";

/** Handed in, because what lists apps need not load what starts a daemon. */
export interface Daemons {
  /** True when one had to be started. */
  start(place: DaemonPlace): Promise<boolean>;
  /**
   * Another build answers, with the stamp `theirs`; or none (null) while another program starts one. True when the daemon is
   * to be asked again.
   */
  meet(place: DaemonPlace, theirs: string | null, out: Output): Promise<boolean>;
}

/** The client; it throws failures only. */
export interface DaemonLink extends Client {
  /** Starts a daemon where none runs. */
  start(): Promise<void>;
}

export function linkDaemon(place: DaemonPlace, daemons: Daemons, out: Output): DaemonLink {
  /** The daemon's stamp, "" where it has none; undefined before its first answer. */
  let theirs: string | undefined;
  const client = createClient({
    socketPath: place.home.socket,
    name: "cli",
    onAnswer: (headers) => {
      theirs ??= headers[STAMP_HEADER] ?? "";
    },
  });
  let met: Promise<boolean> | undefined;
  /** The first answer shows who is there. A change is asked for after that; what was only read is read again. */
  const request: Client["request"] = async (...args) => {
    if (met === undefined && args[0] !== "GET") await request("GET", "/health");
    if (met !== undefined) {
      await met;
      return client.request(...args);
    }
    const answer = client.request(...args);
    await answer.catch(() => {});
    if (theirs === undefined && !isAwaited(place)) return answer;
    met ??= isOther(theirs) ? daemons.meet(place, theirs ?? null, out) : Promise.resolve(false);
    return (await met) ? client.request(...args) : answer;
  };
  async function* translated<T>(open: () => AsyncGenerator<T>): AsyncGenerator<T> {
    try {
      if (met === undefined) await request("GET", "/health");
      yield* open();
    } catch (error) {
      throw asFailure(error);
    }
  }
  return {
    request: (...args) => request(...args).catch((error) => Promise.reject(asFailure(error))),
    async upload(...args) {
      try {
        if (met === undefined) await request("GET", "/health");
        return await client.upload(...args);
      } catch (error) {
        throw asFailure(error);
      }
    },
    stream: (...args) => translated(() => client.stream(...args)),
    bytes: (...args) => translated(() => client.bytes(...args)),
    async start() {
      const started = await withProgress(out, "Starting Gantry's daemon", daemons.start(place));
      if (started) out.note("Started Gantry's daemon.");
    },
  };
}

const isAwaited = ({ home }: DaemonPlace): boolean =>
  process.getBuiltinModule("node:fs").existsSync(home.startTurn);

const isOther = (stamp: string | undefined): boolean => stamp !== buildStamp && buildStamp !== "source";

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
const FAILED = new Set(["git-failed", "build-failed", "start-failed"]);

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
