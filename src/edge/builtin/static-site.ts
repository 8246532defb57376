// Serves an app that is only files.
import { STATUS_CODES } from "node:http";
import { isUnchanged, type Representation, wantedRange } from "./conditions.ts";
import { contentType } from "./content-types.ts";
import { refused } from "./error-answer.ts";
import type { Exchange } from "./exchange.ts";
import { type Found, find, pathNames } from "./static-path.ts";

const PIECE = 64 * 1024;

type File = Extract<Found, { kind: "file" }>;

/** Answers from the folder `root`: index.html for folders, 404.html where there is one, no listings. */
export function serveStatic(exchange: Exchange, root: string): void {
  const { method, target } = exchange.request;
  if (method !== "GET" && method !== "HEAD") {
    exchange.fail({ ...refused(405, "this site can only be read"), code: "method-not-allowed" });
    return;
  }
  answer(exchange, root, target).catch(() => exchange.fail(refused(500, "its file can't be read")));
}

async function answer(exchange: Exchange, root: string, target: string): Promise<void> {
  const names = pathNames(target);
  const isFolder = target.split("?", 1)[0]?.endsWith("/") === true;
  let found: Found = names === null ? { kind: "missing" } : await find(root, names);
  if (found.kind === "folder" && names !== null) {
    const index = await find(root, [...names, "index.html"]);
    if (index.kind === "file" && !isFolder) {
      await index.handle.close();
      redirect(exchange, target);
      return;
    }
    found = index;
  } else if (found.kind === "file" && isFolder) {
    await found.handle.close();
    found = { kind: "missing" };
  }
  if (found.kind === "file") await send(exchange, found, 200);
  else await missing(exchange, root);
}

async function missing(exchange: Exchange, root: string): Promise<void> {
  const page = await find(root, ["404.html"]);
  if (page.kind === "file") await send(exchange, page, 404);
  else
    exchange.fail({
      status: 404,
      code: "route-missing",
      title: "Not found",
      message: `${exchange.app.name} has nothing at this address.`,
      hint: null,
    });
}

function redirect(exchange: Exchange, target: string): void {
  const [path, ...query] = target.split("?");
  const location = [`${path}/`, ...query].join("?");
  respond(exchange, 301, [`Location: ${location}`, "Content-Length: 0"], "");
}

async function send(exchange: Exchange, file: File, status: 200 | 404): Promise<void> {
  try {
    const { request } = exchange;
    const modifiedAt = Math.floor(file.modifiedMs / 1000);
    const etag = `"${file.size.toString(16)}-${file.modifiedMs.toString(16)}"`;
    const facts: Representation = { size: file.size, etag, modifiedAt };
    const headers = ["X-Content-Type-Options: nosniff", "Cache-Control: no-cache"];
    if (status === 200)
      headers.push(`ETag: ${etag}`, `Last-Modified: ${new Date(modifiedAt * 1000).toUTCString()}`);
    if (status === 200 && isUnchanged(request.lines, facts)) {
      respond(exchange, 304, headers, "");
      return;
    }
    const range = status === 200 && request.method === "GET" ? wantedRange(request.lines, facts) : null;
    if (range === "unsatisfiable") {
      respond(exchange, 416, [...headers, `Content-Range: bytes */${file.size}`, "Content-Length: 0"], "");
      return;
    }
    const { first, last } = range ?? { first: 0, last: file.size - 1 };
    if (status === 200) headers.push("Accept-Ranges: bytes");
    if (range !== null) headers.push(`Content-Range: bytes ${first}-${last}/${file.size}`);
    headers.push(`Content-Type: ${contentType(file.name)}`, `Content-Length: ${last - first + 1}`);
    await sendBytes(exchange, file, range === null ? status : 206, headers, first, last + 1);
  } finally {
    await file.handle.close();
  }
}

/** Reads a piece, waits until the client took it, reads the next: memory does not depend on the file or the client. */
async function sendBytes(
  exchange: Exchange,
  file: File,
  status: number,
  headers: string[],
  start: number,
  end: number,
): Promise<void> {
  const { socket } = exchange.client;
  if (exchange.isOver) return;
  const head = begin(exchange, status, headers);
  socket.write(head.text, "latin1");
  const piece = Buffer.allocUnsafe(Math.min(PIECE, Math.max(1, end - start)));
  let position = exchange.request.method === "HEAD" ? end : start;
  while (position < end) {
    const { bytesRead } = await file.handle.read(piece, 0, Math.min(piece.length, end - position), position);
    if (exchange.isOver) return;
    if (bytesRead === 0) {
      socket.destroy();
      return;
    }
    position += bytesRead;
    exchange.app.traffic.sent(bytesRead);
    await new Promise((resolve) => socket.write(piece.subarray(0, bytesRead), resolve));
    if (exchange.isOver) return;
  }
  exchange.complete(head.persists);
}

function respond(exchange: Exchange, status: number, headers: string[], body: string): void {
  if (exchange.isOver) return;
  const { text, persists } = begin(exchange, status, headers);
  exchange.client.socket.write(text + body, "latin1");
  exchange.complete(persists);
}

function begin(exchange: Exchange, status: number, headers: string[]): { text: string; persists: boolean } {
  const { client, request } = exchange;
  const persists = client.persists(request) && client.bodyDone;
  exchange.begun(status);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...headers,
    `Date: ${new Date().toUTCString()}`,
  ];
  if (!persists) lines.push("Connection: close");
  else if (request.minor === 0) lines.push("Connection: keep-alive");
  return { text: `${lines.join("\r\n")}\r\n\r\n`, persists };
}
