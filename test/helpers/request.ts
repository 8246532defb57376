// HTTP as tests need it: over TCP with a Host header of choice, or over a unix socket.
import { Agent, type IncomingMessage, request } from "node:http";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The body as JSON; throws when it is none. */
  json: <T = Record<string, unknown>>() => T;
}

export interface Ask {
  method?: string;
  path?: string;
  host?: string;
  port?: number;
  socketPath?: string;
  headers?: Record<string, string>;
  /** Text and bytes as they are; anything else as JSON. */
  body?: unknown;
  agent?: Agent;
  timeoutMs?: number;
}

/** Opens the request and hands over the answer as soon as its head is there. */
export function open(ask: Ask): Promise<IncomingMessage> {
  const { body, timeoutMs = 30_000, ...options } = ask;
  const isRaw = body === undefined || typeof body === "string" || Buffer.isBuffer(body);
  const bytes = isRaw ? body : JSON.stringify(body);
  const headers = {
    ...(isRaw ? {} : { "content-type": "application/json" }),
    ...ask.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", ...options, headers }, resolve);
    sent.setTimeout(timeoutMs, () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    sent.on("error", reject);
    sent.end(bytes);
  });
}

/** The whole answer; a body that is cut off rejects. */
export async function ask(question: Ask): Promise<Answer> {
  const answer = await open(question);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    text,
    json: <T>() => JSON.parse(text) as T,
  };
}

/** An agent that keeps connections open, or opens a new one for each request. */
export const agent = (keepAlive: boolean): Agent => new Agent({ keepAlive, maxSockets: 64 });
