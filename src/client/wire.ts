// HTTP/1.1 over a socket of its own for each request. Made for a quick start: node:http and fetch take 5 to 10 ms to load.
import type { Socket } from "node:net";
import { createBodyReader } from "./body-reader.ts";
import { ClientError } from "./client-error.ts";
import type { Form } from "./form.ts";
import { pump } from "./pump.ts";

/** Where the daemon listens: its private socket, or its port with the cookie of a session. */
export type Target = { socketPath: string } | { url: string; cookie?: string };

export interface WireRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body?: string | Form;
  signal?: AbortSignal;
}

export interface WireAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Calls back with each piece, in order; resolves at the end and rejects when the body is cut off. */
  read(onPiece: (piece: Buffer) => void): Promise<void>;
  /** Pieces to be asked for one by one: a slow reader slows the daemon, not the memory. */
  pieces(): AsyncGenerator<Buffer>;
}

const MAX_HEAD_BYTES = 65_536;
const HEAD_END = "\r\n\r\n";

/** Pauses between tries while so many others connect that the socket's queue is full (connect(2): EAGAIN). */
const CROWDED_MS = [5, 10, 20, 40, 80, 160, 320];

/**
 * Sends the request and resolves as soon as the head of the answer is there. Throws `ClientError("daemon-gone")`. Only what
 * was not sent at all is tried again.
 */
export async function send(target: Target, request: WireRequest): Promise<WireAnswer> {
  for (const pause of CROWDED_MS) {
    try {
      return await sendOnce(target, request);
    } catch (error) {
      if (!isCrowded(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
    }
  }
  return await sendOnce(target, request);
}

function isCrowded(error: unknown): boolean {
  const cause = error instanceof ClientError ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return cause?.code === "EAGAIN" && cause.syscall === "connect";
}

function sendOnce(target: Target, request: WireRequest): Promise<WireAnswer> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    const socket = open(target);
    const fail = (error: unknown) => {
      socket.destroy();
      reject(error);
    };
    const abort = () => socket.destroy(abortError(signal));
    if (signal?.aborted) return fail(abortError(signal));
    signal?.addEventListener("abort", abort, { once: true });
    socket.once("close", () => signal?.removeEventListener("abort", abort));
    let head: Buffer = Buffer.alloc(0);
    let isAnswered = false;
    const onData = (piece: Buffer) => {
      isAnswered = true;
      head = head.length === 0 ? piece : Buffer.concat([head, piece]);
      const end = head.indexOf(HEAD_END);
      if (end < 0) return head.length > MAX_HEAD_BYTES ? fail(broken("its answer has no end")) : undefined;
      socket.pause();
      socket.off("data", onData).off("error", onError).off("end", onEnd);
      try {
        resolve(toAnswer(socket, head.toString("latin1", 0, end), head.subarray(end + HEAD_END.length)));
      } catch (error) {
        fail(error);
      }
    };
    const onError = (error: NodeJS.ErrnoException) => fail(signal?.aborted ? error : gone(error));
    const onEnd = () => fail(broken("it closed the connection"));
    socket.on("data", onData).on("error", onError).on("end", onEnd);
    socket.write(encode(target, request));
    if (typeof request.body === "object") {
      const form = request.body;
      // Who has answered already does not want the rest.
      const goesOn = () => !isAnswered && !socket.destroyed;
      socket.once("connect", () => void pump(form, socket, goesOn).catch(fail));
    }
  });
}

function open(target: Target): Socket {
  // Not imported: an import statement reads every export, lazy ones included.
  const { connect } = process.getBuiltinModule("node:net");
  if ("socketPath" in target) return connect({ path: target.socketPath });
  const { hostname, port } = new URL(target.url);
  return connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 80) });
}

function encode(target: Target, { method, path, headers, body }: WireRequest): string {
  const all: Record<string, string> = {
    host: "socketPath" in target ? "localhost" : new URL(target.url).host,
    // Who answers in the middle of a form and closes takes the answer along: unread bytes reset the connection.
    connection: typeof body === "object" ? "keep-alive" : "close",
    ...("cookie" in target && target.cookie !== undefined && { cookie: target.cookie }),
    ...headers,
    ...lengthOf(body),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${plain(value)}`);
  return `${method} ${plain(path)} HTTP/1.1\r\n${lines.join("\r\n")}${HEAD_END}${typeof body === "string" ? body : ""}`;
}

function lengthOf(body: WireRequest["body"]): Record<string, string> {
  if (body === undefined) return {};
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  return length === null ? { "transfer-encoding": "chunked" } : { "content-length": String(length) };
}

/** Nothing that a caller hands over can begin another header. */
function plain(text: string): string {
  if (/[\r\n\0]/.test(text)) throw new ClientError("invalid-input", "a header can't hold a line end");
  return text;
}

function toAnswer(socket: Socket, head: string, rest: Buffer): WireAnswer {
  const [first = "", ...lines] = head.split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1];
  if (status === undefined) throw broken("its answer is not HTTP");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const body = createBodyReader(socket, headers, rest);
  return { status: Number(status), headers, ...body };
}

function gone(error: NodeJS.ErrnoException): ClientError {
  const absent = ["ENOENT", "ECONNREFUSED", "ENOTSOCK"].includes(error.code ?? "");
  return new ClientError(
    "daemon-gone",
    absent ? "The daemon is not running" : `The daemon does not answer: ${error.message}`,
    {
      hint: "Start it with gantry serve.",
      absent,
      cause: error,
    },
  );
}

const broken = (what: string): ClientError =>
  new ClientError("daemon-gone", `The daemon does not answer: ${what}`);

const abortError = (signal: AbortSignal | undefined): Error =>
  signal?.reason instanceof Error ? signal.reason : new Error("aborted");
