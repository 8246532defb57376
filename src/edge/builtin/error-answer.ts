// The edge's own answers: words for people, JSON for programs. No assets from elsewhere, nothing that is secret.
import { STATUS_CODES } from "node:http";
import type { RouteTarget } from "../../domain/route.ts";
import type { RequestHead } from "./request-head.ts";

/** An answer of the edge itself, told in one sentence and with a way on. Plain text, escaped where it is shown. */
export interface Problem {
  status: number;
  code: string;
  title: string;
  message: string;
  hint: string | null;
  /** Seconds for Retry-After. */
  retryAfter?: number;
}

export const unknownHost = (host: string): Problem => ({
  status: 404,
  code: "app-missing",
  title: "No app here",
  message: `There is no app at ${host === "" ? "this address" : host.slice(0, 260)}.`,
  hint: "gantry ls shows all apps and their addresses.",
});

/** What an app that can't answer now shows, in the words of its state. */
export function unavailable(target: RouteTarget): Problem {
  const app = target.app;
  if (target.state === "running") return withoutPage(app);
  const title = `${app} ${WORDS[target.state] ?? `is ${target.state}`}`;
  return {
    status: 503,
    code: "app-unavailable",
    title,
    message: target.reason === null ? `${title}.` : `${title}: ${target.reason}`,
    hint: wayOut(target),
  };
}

/** States that are no word for what an app is. */
const WORDS: Record<string, string> = {
  failed: "has failed",
  uploaded: "has no release yet",
  installed: "was not started yet",
  installing: "is being built",
  "backing-off": "does not start and is tried again",
};

function wayOut({ app, state }: RouteTarget): string {
  if (state === "stopped" || state === "installed") return `gantry start ${app} starts it.`;
  if (state === "disabled") return `gantry config ${app} enabled=true, then gantry start ${app}.`;
  if (state === "uploaded") return `gantry deploy ${app} builds and starts it.`;
  return `gantry status ${app} tells more; gantry logs ${app} shows what it said last.`;
}

/** It runs, and nothing of it listens: a bot, a worker, or a server on another port than its own. */
const withoutPage = (app: string): Problem => ({
  status: 503,
  code: "app-unavailable",
  title: `${app} has no page`,
  message: `${app} is running, but it does not listen for requests.`,
  hint: `A server must listen on the port in $PORT. gantry logs ${app} shows what it prints.`,
});

export const stillStarting = (target: RouteTarget): Problem =>
  target.state === "running" ? withoutPage(target.app) : notReady(target);

const notReady = (target: RouteTarget): Problem => ({
  status: 503,
  code: "app-starting",
  title: `${target.app} is not ready yet`,
  message: `${target.app} ${WORDS[target.state] ?? `is ${target.state} and did not become ready in time`}${target.reason === null ? "." : `: ${target.reason}`}`,
  hint: `Try again in a moment; gantry logs ${target.app} shows what it is doing.`,
  retryAfter: 2,
});

export const tooManyWaiting = (app: string): Problem => ({
  status: 503,
  code: "too-many-waiting",
  title: `${app} is not ready yet`,
  message: `${app} is not ready, and too many requests wait already.`,
  hint: "Try again in a moment.",
  retryAfter: 5,
});

export const badGateway = (app: string, reason: string): Problem => ({
  status: 502,
  code: "bad-gateway",
  title: `${app} did not answer properly`,
  message: `${app} could not be asked: ${reason}.`,
  hint: `gantry logs ${app} shows what it said last.`,
});

export const tooSlow = (app: string): Problem => ({
  status: 504,
  code: "gateway-timeout",
  title: `${app} takes too long`,
  message: `${app} took the request but did not begin to answer in time.`,
  hint: `gantry logs ${app} shows what it said last.`,
});

export const refused = (status: number, reason: string): Problem => ({
  status,
  code: "bad-request",
  title: STATUS_CODES[status] ?? "Refused",
  message: `The request was refused: ${reason}.`,
  hint: null,
});

/** The whole answer as latin1 text; `close` says that the connection ends with it. */
export function renderProblem(problem: Problem, request: RequestHead | null, close: boolean): string {
  const html = request !== null && /text\/html|application\/xhtml/i.test(request.fields.accept);
  const body = Buffer.from(html ? page(problem) : document(problem)).toString("latin1");
  const lines = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? "Error"}`,
    `Content-Type: ${html ? "text/html" : "application/json"}; charset=utf-8`,
    `Content-Length: ${body.length}`,
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    `Date: ${new Date().toUTCString()}`,
  ];
  if (html) lines.push("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'");
  if (problem.status === 405) lines.push("Allow: GET, HEAD");
  if (problem.retryAfter !== undefined) lines.push(`Retry-After: ${problem.retryAfter}`);
  if (close) lines.push("Connection: close");
  else if (request?.minor === 0) lines.push("Connection: keep-alive");
  return `${lines.join("\r\n")}\r\n\r\n${request?.method === "HEAD" ? "" : body}`;
}

function document({ code, message, hint }: Problem): string {
  return `${JSON.stringify({ error: { code, message, ...(hint === null ? {} : { hint }) } })}\n`;
}

const STYLE =
  ":root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;font:1rem/1.6 system-ui,sans-serif}" +
  "main{max-width:34rem;padding:2rem;overflow-wrap:anywhere}h1{font-size:1.4rem;font-weight:600;margin:0 0 .6rem}p{margin:.4rem 0}" +
  ".hint,footer{opacity:.7}footer{margin-top:2rem;font-size:.85rem}";

function page({ status, title, message, hint }: Problem): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main><h1>${escapeHtml(title)}</h1>` +
    `${message === `${title}.` ? "" : `<p>${escapeHtml(message)}</p>`}${hint === null ? "" : `<p class="hint">${escapeHtml(hint)}</p>`}` +
    `<footer>${status} · Gantry</footer></main></body></html>\n`
  );
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML text; control characters become a visible mark. */
export const escapeHtml = (text: string): string =>
  text
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
