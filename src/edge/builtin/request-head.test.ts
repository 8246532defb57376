// Which request heads are read, how, and which are refused.
import { describe, expect, it } from "vitest";
import { INCOMPLETE, Refusal } from "./http-syntax.ts";
import { readRequestHead } from "./request-head.ts";

const read = (text: string) => {
  const bytes = Buffer.from(text, "latin1");
  return readRequestHead(bytes, 0, bytes.length);
};
const head = (text: string) => {
  const result = read(text);
  if (result instanceof Refusal) throw new Error(`refused: ${result.status} ${result.reason}`);
  return result;
};
const ok = "Host: a\r\n";
const many = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: 1\r\n`).join("");

const REFUSED: [name: string, text: string, status: number][] = [
  ["no method", ` / HTTP/1.1\r\n${ok}\r\n`, 400],
  ["a method that is no token", `G(T / HTTP/1.1\r\n${ok}\r\n`, 400],
  ["two blanks before the target", `GET  / HTTP/1.1\r\n${ok}\r\n`, 400],
  ["two blanks before the version", `GET /  HTTP/1.1\r\n${ok}\r\n`, 400],
  ["a tab as blank", `GET\t/ HTTP/1.1\r\n${ok}\r\n`, 400],
  ["a blank in the target", `GET /a b HTTP/1.1\r\n${ok}\r\n`, 400],
  ["a blank after the version", `GET / HTTP/1.1 \r\n${ok}\r\n`, 400],
  ["raw UTF-8 in the target", `GET /\xc3\xa9 HTTP/1.1\r\n${ok}\r\n`, 400],
  ["NUL in the target", `GET /\0 HTTP/1.1\r\n${ok}\r\n`, 400],
  ["a fragment", `GET /#x HTTP/1.1\r\n${ok}\r\n`, 400],
  ["a relative target", `GET x HTTP/1.1\r\n${ok}\r\n`, 400],
  ["* for GET", `GET * HTTP/1.1\r\n${ok}\r\n`, 400],
  ["another scheme", `GET ftp://a/ HTTP/1.1\r\n${ok}\r\n`, 400],
  ["a user in the target", `GET http://u@a/ HTTP/1.1\r\n${ok}\r\n`, 400],
  ["CONNECT", `CONNECT a:80 HTTP/1.1\r\n${ok}\r\n`, 405],
  ["TRACE", `TRACE / HTTP/1.1\r\n${ok}\r\n`, 405],
  ["no version", "GET /\r\n\r\n\r\n\r\n\r\n", 400],
  ["HTTP/2.0", `GET / HTTP/2.0\r\n${ok}\r\n`, 505],
  ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505],
  ["HTTP/1.2", `GET / HTTP/1.2\r\n${ok}\r\n`, 505],
  ["http in lower case", `GET / http/1.1\r\n${ok}\r\n`, 400],
  ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
  ["a bare LF after the request line", `GET / HTTP/1.1\n${ok}\r\n`, 400],
  ["a bare LF after a header", "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n", 400],
  ["a bare LF as end of the head", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400],
  ["a bare CR in a value", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", 400],
  ["CR CR LF", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400],
  ["NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400],
  ["a control character in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x0bb\r\n\r\n", 400],
  ["DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x7fb\r\n\r\n", 400],
  ["a blank before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400],
  ["a tab before the colon", "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", 400],
  ["a header without name", `GET / HTTP/1.1\r\n${ok}: x\r\n\r\n`, 400],
  ["a header without colon", `GET / HTTP/1.1\r\n${ok}X\r\n\r\n`, 400],
  ["a name that is no token", `GET / HTTP/1.1\r\n${ok}X@Y: 1\r\n\r\n`, 400],
  ["NUL in a name", `GET / HTTP/1.1\r\n${ok}X\0: 1\r\n\r\n`, 400],
  ["a folded header", `GET / HTTP/1.1\r\n${ok}X: 1\r\n 2\r\n\r\n`, 400],
  ["a fold as first line", `GET / HTTP/1.1\r\n ${ok}\r\n`, 400],
  ["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["two Hosts", `GET / HTTP/1.1\r\n${ok}${ok}\r\n`, 400],
  ["two Hosts, one in other case", `GET / HTTP/1.1\r\n${ok}hOST: b\r\n\r\n`, 400],
  ["an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400],
  ["a Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400],
  ["a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400],
  ["a Host with a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400],
  ["a Host with a blank", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400],
  ["a Host with a strange port", "GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n", 400],
  [
    "length and chunked",
    `POST / HTTP/1.1\r\n${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
    400,
  ],
  [
    "chunked and length",
    `POST / HTTP/1.1\r\n${ok}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n`,
    400,
  ],
  ["two lengths", `POST / HTTP/1.1\r\n${ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`, 400],
  ["the same length twice", `POST / HTTP/1.1\r\n${ok}Content-Length: 5\r\nContent-Length: 5\r\n\r\n`, 400],
  ["a list of lengths", `POST / HTTP/1.1\r\n${ok}Content-Length: 5, 5\r\n\r\n`, 400],
  ...["+5", "-5", "5.0", "0x5", "5 5", "", "1e3", "٥", "9".repeat(20)].map(
    (length): [string, string, number] => [
      `the length ${JSON.stringify(length)}`,
      `POST / HTTP/1.1\r\n${ok}Content-Length: ${length}\r\n\r\n`,
      400,
    ],
  ),
  ...[
    "xchunked",
    "chunked, chunked",
    "identity",
    "chunked, identity",
    "chunked;q=1",
    "",
    "\x0bchunked",
    '"chunked"',
    "chunked,",
  ].map((coding): [string, string, number] => [
    `the coding ${JSON.stringify(coding)}`,
    `POST / HTTP/1.1\r\n${ok}Transfer-Encoding: ${coding}\r\n\r\n`,
    400,
  ]),
  ["the coding gzip, chunked", `POST / HTTP/1.1\r\n${ok}Transfer-Encoding: gzip, chunked\r\n\r\n`, 501],
  [
    "two codings",
    `POST / HTTP/1.1\r\n${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
    400,
  ],
  ["chunked in HTTP/1.0", `POST / HTTP/1.0\r\n${ok}Transfer-Encoding: chunked\r\n\r\n`, 400],
  ["another expectation", `POST / HTTP/1.1\r\n${ok}Expect: a-miracle\r\n\r\n`, 417],
  ["101 headers", `GET / HTTP/1.1\r\n${ok}${many(100)}\r\n`, 431],
];

describe("a request head is refused with", () => {
  it.each(REFUSED)("%s", (_name, text, status) => {
    const result = read(text);
    expect(result).toBeInstanceOf(Refusal);
    expect((result as Refusal).status).toBe(status);
  });

  it("the same status when it comes byte by byte, never read as something else before", () => {
    for (const [name, text, status] of REFUSED) {
      let result: unknown = INCOMPLETE;
      const bytes = Buffer.from(text, "latin1");
      for (let length = 1; length <= bytes.length && result === INCOMPLETE; length++)
        result = readRequestHead(bytes, 0, length);
      expect(result, name).toBeInstanceOf(Refusal);
      expect((result as Refusal).status, name).toBe(status);
    }
  });
});

describe("a request head", () => {
  it("is incomplete up to its last byte", () => {
    const bytes = Buffer.from(`GET /x?y HTTP/1.1\r\n${ok}Accept: */*\r\n\r\n`);
    for (let length = 0; length < bytes.length; length++)
      expect(readRequestHead(bytes, 0, length)).toBe(INCOMPLETE);
    expect(readRequestHead(bytes, 0, bytes.length)).not.toBeInstanceOf(Refusal);
  });

  it("keeps the target as it came", () => {
    for (const path of ["/", "//api", "/a/../b", "/%2e%2e/%2f", "/a?b=/../c", "/;x=1", "/a|b{c}", "/\\"])
      expect(head(`GET ${path} HTTP/1.1\r\n${ok}\r\n`).target).toBe(path);
    expect(head(`OPTIONS * HTTP/1.1\r\n${ok}\r\n`).target).toBe("*");
  });

  it("takes host and path of an absolute target, whatever Host says", () => {
    const read = head(`GET http://B.test:81/x?y HTTP/1.1\r\nX: 1\r\nHost: a\r\n\r\n`);
    expect([read.host, read.target, read.lines]).toEqual([
      "B.test:81",
      "/x?y",
      "Host: B.test:81\r\nX: 1\r\n",
    ]);
    expect(head(`GET http://b?q HTTP/1.1\r\n${ok}\r\n`).target).toBe("/?q");
    expect(head(`OPTIONS http://b HTTP/1.1\r\n${ok}\r\n`).target).toBe("*");
  });

  it("leaves out what concerns the connection, and what only a proxy may say", () => {
    const dropped = [
      "Connection: close, X-Mine, Host, Content-Length",
      "X-Mine: 1",
      "Keep-Alive: timeout=5",
      "Proxy-Connection: keep-alive",
      "TE: trailers",
      "Trailer: X",
      "Upgrade: h2c",
      "HTTP2-Settings: x",
      "Proxy: http://evil",
      "X-Forwarded-For: 1.2.3.4",
      "x-forwarded-anything: 1",
      "X_Forwarded_For: 1.2.3.4",
      "Forwarded: for=1.2.3.4",
      "X-Real-IP: 1.2.3.4",
      "x_real-ip: 1.2.3.4",
      "Content_Length: 7",
      "Transfer_Encoding: chunked",
    ];
    const read = head(`GET / HTTP/1.1\r\nA: 1\r\n${ok}${dropped.join("\r\n")}\r\nB: \t2 \r\n\r\n`);
    expect(read.lines).toBe(`A: 1\r\n${ok}B: \t2 \r\n`);
    expect([read.fields.chunked, read.fields.contentLength, read.persists]).toEqual([false, -1, false]);
  });

  it("never loses Host, length or type because Connection lists them", () => {
    const read = head(
      `POST / HTTP/1.1\r\n${ok}Content-Length: 1\r\nConnection: Content-Length, host\r\n\r\n`,
    );
    expect(read.lines).toBe(`${ok}Content-Length: 1\r\n`);
  });

  it("knows when the connection persists", () => {
    const persists = (minor: number, connection: string) =>
      head(`GET / HTTP/1.${minor}\r\n${ok}${connection}\r\n`).persists;
    expect(persists(1, "")).toBe(true);
    expect(persists(1, "Connection: Close\r\n")).toBe(false);
    expect(persists(1, "Connection: x, close\r\n")).toBe(false);
    expect(persists(0, "")).toBe(false);
    expect(persists(0, "Connection: Keep-Alive\r\n")).toBe(true);
  });

  it("asks for another protocol only with Connection: upgrade, and never for h2c", () => {
    const asks = (lines: string) => head(`GET / HTTP/1.1\r\n${ok}${lines}\r\n`).asksUpgrade;
    expect(asks("Upgrade: websocket\r\n")).toBe(false);
    expect(asks("Connection: upgrade\r\n")).toBe(false);
    expect(asks("Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n")).toBe(true);
    expect(asks("Connection: Upgrade\r\nUpgrade: h2c\r\n")).toBe(false);
    expect(asks("Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n")).toBe(false);
  });
});
