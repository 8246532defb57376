// Server-sent events (HTML Living Standard, section 9.2): heartbeats, bounded buffers, a clean end.
import type { ServerResponse } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";

const HEARTBEAT_MS = 15_000;
/** A reader that is further behind than this is cut; it comes back with Last-Event-ID. */
const MAX_BUFFERED_BYTES = 1_048_576;
const DRAIN_MS = 30_000;

export interface ServerEvent {
  event?: string;
  id?: string | number;
  data: unknown;
}

export interface EventStream {
  /** Sends, or cuts a reader that is too slow. False when nobody reads any more. */
  send(event: ServerEvent): boolean;
  /** Sends all, no faster than they are read; then ends the stream. */
  sendAll(events: AsyncIterable<ServerEvent>): Promise<void>;
  end(): void;
  /** Aborts when the reader has gone or the API closes. */
  readonly signal: AbortSignal;
}

/** All open streams of one API, so that it can end them when it closes. */
export interface Streams {
  open(request: FastifyRequest, reply: FastifyReply): EventStream;
  readonly count: number;
  close(): void;
}

export function createStreams(): Streams {
  const open = new Set<EventStream>();
  return {
    open(request, reply) {
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      reply.raw.write(":\n\n");
      request.raw.socket.setNoDelay(true);
      const stream = createStream(reply.raw, () => open.delete(stream));
      open.add(stream);
      return stream;
    },
    get count() {
      return open.size;
    },
    close() {
      for (const stream of open) stream.end();
    },
  };
}

function createStream(raw: ServerResponse, onEnd: () => void): EventStream {
  const gone = new AbortController();
  const alive = () => !gone.signal.aborted;
  const heartbeat = setInterval(() => write(":\n\n"), HEARTBEAT_MS).unref();
  const finish = () => {
    clearInterval(heartbeat);
    gone.abort();
    onEnd();
  };
  raw.once("close", finish);
  raw.on("error", finish);

  const write = (text: string): boolean => {
    if (!alive()) return false;
    raw.write(text);
    if (raw.writableLength <= MAX_BUFFERED_BYTES) return true;
    raw.destroy();
    return false;
  };
  const end = () => {
    if (alive()) raw.end();
    finish();
  };

  return {
    send: (event) => write(encode(event)),
    async sendAll(events) {
      for await (const event of events) {
        if (!write(encode(event))) return;
        if (raw.writableNeedDrain && !(await drained(raw, gone.signal))) raw.destroy();
      }
      end();
    },
    end,
    signal: gone.signal,
  };
}

/** False when the reader took nothing for too long. */
function drained(raw: ServerResponse, gone: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (ok: boolean) => {
      clearTimeout(timer);
      raw.off("drain", onDrain);
      gone.removeEventListener("abort", onDrain);
      resolve(ok);
    };
    const onDrain = () => done(true);
    const timer = setTimeout(() => done(false), DRAIN_MS).unref();
    raw.once("drain", onDrain);
    gone.addEventListener("abort", onDrain, { once: true });
  });
}

/** JSON has no raw line ends, so one data line is enough. */
function encode({ event, id, data }: ServerEvent): string {
  const head = (event === undefined ? "" : `event: ${event}\n`) + (id === undefined ? "" : `id: ${id}\n`);
  return `${head}data: ${JSON.stringify(data)}\n\n`;
}
