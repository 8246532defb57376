// Every error as HTTP shows it: the only place that knows status codes.
import { randomBytes } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Log } from "../context.ts";
import { type ErrorDocument, type ErrorKind, GantryError } from "../domain/errors.ts";

/** Errors that only HTTP knows: their status (RFC 9110), message and hint. */
const HTTP_ERRORS = {
  malformed: { status: 400, message: "The request is malformed: {reason}" },
  "signed-out": {
    status: 401,
    message: "This browser is not signed in",
    hint: "Run gantry open: it makes a link that signs this browser in.",
  },
  "link-used": {
    status: 401,
    message: "This link was used already or is too old",
    hint: "Run gantry open: it makes a new one.",
  },
  "foreign-host": {
    status: 403,
    message: "This name does not belong to Gantry's API",
    hint: "Use the address that gantry status shows.",
  },
  "foreign-origin": { status: 403, message: "Pages of other origins can't use Gantry's API" },
  "socket-only": { status: 403, message: "This works only from the command line on this machine" },
  "no-method": { status: 405, message: "{method} is not possible here" },
  "too-slow": { status: 408, message: "The request took too long to arrive" },
  "too-large": { status: 413, message: "The request is too large" },
  "wrong-type": { status: 415, message: "This type of content can't be read", hint: "Send {expected}." },
  "large-headers": { status: 431, message: "The headers of the request are too large" },
  internal: { status: 500, message: "Something went wrong inside Gantry", hint: "Its log names the id." },
} as const satisfies Record<string, { status: number; message: string; hint?: string }>;

export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** A refusal that has to do with HTTP alone. `details` fill the placeholders of message and hint. */
export class HttpProblem extends Error {
  readonly code: HttpErrorCode;
  readonly details: Record<string, string>;
  readonly headers: Record<string, string>;

  constructor(
    code: HttpErrorCode,
    details: Record<string, string> = {},
    headers: Record<string, string> = {},
  ) {
    super(code);
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

/** A ready answer. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  document: ErrorDocument;
}

const BY_KIND: Record<ErrorKind, number> = {
  invalid: 422,
  missing: 404,
  conflict: 409,
  denied: 403,
  unavailable: 503,
  failed: 422,
};

const BY_CODE: Partial<Record<GantryError["code"], number>> = {
  stale: 412,
  "too-large": 413,
  "disk-full": 507,
};

const RETRY_AFTER_S = "1";

/** Errors of the HTTP framework, by its codes. Others of its 4xx count as malformed. */
const BY_FRAMEWORK_CODE: Record<string, HttpErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "wrong-type",
  HPE_HEADER_OVERFLOW: "large-headers",
  ERR_HTTP_REQUEST_TIMEOUT: "too-slow",
};

/** What to answer to `error`. Bugs are logged with an id; only the id goes out. */
export function problem(error: unknown, log: Log, where: Record<string, unknown> = {}): Answer {
  if (error instanceof GantryError) return ofGantry(error);
  if (error instanceof HttpProblem) return ofHttp(error);
  const framework = ofFramework(error);
  if (framework) return ofHttp(framework);
  const id = randomBytes(6).toString("hex");
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error("unexpected error", { id, ...where, error: told });
  const answer = ofHttp(new HttpProblem("internal"));
  return { ...answer, document: { error: { ...answer.document.error, id } } };
}

/** Answers on a connection whose request could not even be parsed, and ends it. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const code = BY_FRAMEWORK_CODE[error.code ?? ""] ?? "malformed";
  const { status, document } = ofHttp(new HttpProblem(code, { reason: "it is not HTTP/1.1" }));
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function ofGantry(error: GantryError): Answer {
  const status = BY_CODE[error.code] ?? BY_KIND[error.kind];
  const { field } = error.details;
  return {
    status,
    headers: status === 503 ? { "retry-after": RETRY_AFTER_S } : {},
    document: {
      error: {
        code: error.code,
        message: error.message,
        ...(typeof field === "string" && { field }),
        ...(error.hint !== undefined && { hint: error.hint }),
      },
    },
  };
}

function ofHttp(error: HttpProblem): Answer {
  const entry = HTTP_ERRORS[error.code];
  const hint = "hint" in entry ? fill(entry.hint, error.details) : undefined;
  return {
    status: entry.status,
    headers: error.headers,
    document: {
      error: {
        code: error.code,
        message: fill(entry.message, error.details),
        ...(hint !== undefined && { hint }),
      },
    },
  };
}

function ofFramework(error: unknown): HttpProblem | undefined {
  if (!(error instanceof Error) || !("statusCode" in error) || !("code" in error)) return undefined;
  const { statusCode, code } = error;
  if (typeof statusCode !== "number" || statusCode < 400 || statusCode > 499) return undefined;
  const known = BY_FRAMEWORK_CODE[String(code)];
  if (known === "wrong-type") return new HttpProblem(known, { expected: "application/json" });
  return new HttpProblem(known ?? "malformed", { reason: error.message });
}

const fill = (template: string, details: Record<string, string>): string =>
  template.replace(/\{(\w+)\}/g, (whole, key: string) => details[key] ?? whole);
