// The one client of Gantry's API: typed requests, and streams of events.
import type { ErrorDocument } from "../domain/errors.ts";
import type { Data, Method, PathOf, RequestOptions } from "./api-types.ts";
import { ClientError } from "./client-error.ts";
import { readEvents, type StreamEvent } from "./event-reader.ts";
import type { Form } from "./form.ts";
import { send, type Target, type WireAnswer } from "./wire.ts";

export { ClientError } from "./client-error.ts";
export type { StreamEvent } from "./event-reader.ts";

export type ClientOptions = Target & {
  /** Who asks, for the history of events: `cli`, `tui` or `mcp`. */
  name?: string;
  /** Called with the headers of each answer; names in lower case. */
  onAnswer?: (headers: Record<string, string>) => void;
};

/** Options may be left out where nothing is required. */
type Arguments<Options> = Record<never, never> extends Options ? [options?: Options] : [options: Options];

export interface Client {
  /** The data of the answer: JSON, or text where the API answers with text. Throws `ClientError`. */
  request<M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    ...options: Arguments<RequestOptions<M, P>>
  ): Promise<Data<M, P>>;
  /** A form with a file. Throws `ClientError`. */
  upload<P extends PathOf<"POST">>(path: P, form: Form, signal?: AbortSignal): Promise<Data<"POST", P>>;
  /** Server-sent events, until the daemon ends the stream or the signal aborts (then it just ends). Throws `ClientError`. */
  stream<P extends PathOf<"GET">>(
    path: P,
    ...options: Arguments<RequestOptions<"GET", P>>
  ): AsyncGenerator<StreamEvent>;
  /** The bytes of an answer as they come, for output that may be long. Throws `ClientError`. */
  bytes<P extends PathOf<"GET">>(
    path: P,
    ...options: Arguments<RequestOptions<"GET", P>>
  ): AsyncGenerator<Buffer>;
}

interface Loose {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  form?: Form;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export function createClient(options: ClientOptions): Client {
  const ask = async (method: string, path: string, accept: string, given: Loose) => {
    const answer = await send(options, {
      method,
      path: fillPath(path, given),
      headers: {
        accept,
        ...(options.name !== undefined && { "gantry-client": options.name }),
        ...("url" in options && method !== "GET" && { origin: new URL(options.url).origin }),
        ...(given.body !== undefined && { "content-type": "application/json" }),
        ...(given.form !== undefined && { "content-type": given.form.contentType }),
        ...given.headers,
      },
      ...(given.body !== undefined && { body: JSON.stringify(given.body) }),
      ...(given.form !== undefined && { body: given.form }),
      ...(given.signal && { signal: given.signal }),
    });
    options.onAnswer?.(answer.headers);
    return answer;
  };

  async function* open(path: string, accept: string, given: Loose): AsyncGenerator<Buffer> {
    try {
      const answer = await ask("GET", path, accept, given);
      if (answer.status >= 300) throw toError(answer.status, await textOf(answer));
      yield* answer.pieces();
    } catch (error) {
      if (!given.signal?.aborted) throw error;
    }
  }

  const request = async (method: string, path: string, given: Loose = {}) => {
    const answer = await ask(method, path, "application/json", given);
    const text = await textOf(answer);
    if (answer.status >= 300) throw toError(answer.status, text);
    if (text === "") return null;
    return answer.headers["content-type"]?.startsWith("application/json") ? JSON.parse(text) : text;
  };

  return {
    request,
    upload: (path: string, form: Form, signal?: AbortSignal) =>
      request("POST", path, { form, ...(signal && { signal }) }),
    stream: (path: string, given: Loose = {}) => readEvents(open(path, "text/event-stream", given)),
    bytes: (path: string, given: Loose = {}) => open(path, "*/*", given),
  } as Client;
}

async function textOf(answer: WireAnswer): Promise<string> {
  const pieces: Buffer[] = [];
  await answer.read((piece) => pieces.push(piece));
  return Buffer.concat(pieces).toString("utf8");
}

function fillPath(path: string, { params = {}, query = {} }: Loose): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  const words: string[] = [];
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) words.push(`${name}=${encodeURIComponent(String(one).toWellFormed())}`);
  return words.length === 0 ? filled : `${filled}?${words.join("&")}`;
}

function toError(status: number, text: string): ClientError {
  try {
    const { code, message, ...facts } = (JSON.parse(text) as ErrorDocument).error;
    return new ClientError(code, message, { status, ...facts });
  } catch (cause) {
    return new ClientError("internal", `The daemon answered with status ${status}`, { status, cause });
  }
}
