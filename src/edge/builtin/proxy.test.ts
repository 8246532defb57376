// Ordinary requests through a real edge: routing, heads, bodies and connections, over raw sockets.
import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import {
  atEnd,
  CLOSE,
  edgeLog,
  endAll,
  eventually,
  exchange,
  get,
  listen,
  RawClient,
  rawApp,
  startEdge,
  table,
  target,
} from "./edge-test-kit.ts";

afterEach(async () => {
  await endAll();
  expect(edgeLog.splice(0)).toEqual([]);
});

/** An app that answers with what it got, and the number of its connection. */
async function echoApp(): Promise<number> {
  let connections = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes) => {
      body += bytes;
    });
    request.on("end", () => {
      const { method, url, rawHeaders } = request;
      const connection = (request.socket as { number?: number }).number;
      response.end(JSON.stringify({ method, url, rawHeaders, body, connection }));
    });
  });
  server.on("connection", (socket) => Object.assign(socket, { number: ++connections }));
  return listen(server);
}

const bodyOf = (answer: string): string => answer.slice(answer.indexOf("\r\n\r\n") + 4);
const json = (answer: string) => JSON.parse(bodyOf(answer).replace(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/g, ""));

async function echoEdge(): Promise<number> {
  const { edge, port } = await startEdge();
  await edge.use(table(target("notes", await echoApp())));
  return port;
}

describe("routing", () => {
  it("knows a host whatever its case, port and trailing dot", async () => {
    const port = await echoEdge();
    for (const host of [
      "notes.localhost",
      "NOTES.LocalHost",
      "notes.localhost.",
      "notes.localhost:7080",
      "notes.localhost.:80",
    ])
      expect(json(await exchange(port, get("/x", host, CLOSE))).url).toBe("/x");
  });

  it("answers 404 for other hosts, also for those below an app, and names no app", async () => {
    const port = await echoEdge();
    for (const host of [
      "other.localhost",
      "db.notes.localhost",
      "notes",
      "127.0.0.1",
      "__proto__",
      "constructor",
      "[::1]:80",
    ]) {
      const answer = await exchange(port, get("/", host, CLOSE));
      expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
      expect(JSON.parse(bodyOf(answer)).error.code).toBe("app-missing");
      expect(answer).not.toContain('notes.localhost"');
    }
  });

  it("serves a host below an app where the table has it", async () => {
    const { edge, port } = await startEdge();
    const routes = table(target("db", await echoApp()));
    routes.hosts = { "db.notes.localhost": "db" };
    await edge.use(routes);
    expect(await exchange(port, get("/", "DB.notes.localhost", CLOSE))).toContain("200 OK");
    expect(await exchange(port, get("/", "db.localhost", CLOSE))).toContain("404 Not Found");
  });

  it("shows a page to browsers, with what came from outside escaped", async () => {
    const port = await echoEdge();
    const answer = await exchange(port, get("/", "a&b'.localhost", `Accept: text/html\r\n${CLOSE}`));
    expect(answer).toContain("Content-Type: text/html");
    expect(answer).toContain("a&amp;b&#39;.localhost");
  });

  it("spreads requests over instances", async () => {
    const { edge, port } = await startEdge();
    await edge.use(table(target("notes", [await rawOk("one"), await rawOk("two")])));
    const client = new RawClient(port);
    client.send(get("/", "notes.localhost").repeat(8));
    const text = await client.until((all) => all.split("HTTP/1.1 200").length === 9);
    expect([text.split("one").length - 1, text.split("two").length - 1]).toEqual([4, 4]);
  });
});

const rawOk = (body: string): Promise<number> =>
  rawApp((_seen, socket) => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`));

describe("a request", () => {
  it("reaches the app as it was meant, with the edge's own word on the client", async () => {
    const port = await echoEdge();
    const forged =
      "X-Forwarded-For: 6.6.6.6\r\nx-real-ip: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX_Forwarded_Proto: https\r\n";
    const got = json(
      await exchange(port, get("//a/%2e%2e/b?c=d", "Notes.localhost:1", `${forged}X-Mine: y\r\n${CLOSE}`)),
    );
    expect(got.url).toBe("//a/%2e%2e/b?c=d");
    expect(got.rawHeaders).toEqual([
      "Host", "Notes.localhost:1",
      "X-Mine", "y",
      "X-Forwarded-For", "127.0.0.1",
      "X-Forwarded-Host", "Notes.localhost:1",
      "X-Forwarded-Proto", "http",
      "X-Real-IP", "127.0.0.1",
      "Forwarded", 'for=127.0.0.1;host="Notes.localhost:1";proto=http',
    ]); // biome-ignore format: pairs
  });

  it("brings its body by length and in chunks, whole and in pieces", async () => {
    const port = await echoEdge();
    const post = `POST / HTTP/1.1\r\nHost: notes.localhost\r\n`;
    for (const [head, body] of [
      ["Content-Length: 5\r\n\r\n", "hello"],
      ["Transfer-Encoding: chunked\r\n\r\n", "2;x=1\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: x\r\n\r\n"],
    ]) {
      const client = new RawClient(port);
      for (const byte of `${post}${head}${body}`) client.send(byte);
      expect(json(await client.until((text) => /\}(\r\n0\r\n\r\n)?$/.test(text))).body).toBe("hello");
      client.send(`${post}${CLOSE}${head}${body}`);
      expect((await client.all()).split('"body":"hello"').length).toBe(3);
    }
  });

  it("with an empty body in chunks is one", async () => {
    const port = await echoEdge();
    const answer = await exchange(
      port,
      `POST / HTTP/1.1\r\nHost: notes.localhost\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    );
    expect(json(answer)).toMatchObject({ method: "POST", body: "" });
  });

  it("shares kept connections of client and app, one after the other", async () => {
    const port = await echoEdge();
    const client = new RawClient(port);
    for (let count = 1; count <= 3; count++) {
      client.send(get(`/${count}`, "notes.localhost"));
      await client.until((text) => text.split("HTTP/1.1 200").length === count + 1 && text.endsWith("}"));
    }
    expect(client.text.match(/"connection":\d+/g)).toEqual(Array(3).fill('"connection":1'));
  });

  it("may be pipelined; answers come in order, bodies are told apart", async () => {
    const port = await echoEdge();
    const post =
      "POST /b HTTP/1.1\r\nHost: notes.localhost\r\nContent-Length: 20\r\n\r\nGET /evil HTTP/1.1\r\n";
    const answer = await exchange(
      port,
      `\r\n${get("/a", "notes.localhost")}${post}${get("/none", "other.localhost")}${get("/c", "notes.localhost", CLOSE)}`,
    );
    expect(answer.match(/"url":"[^"]*"|404 Not Found/g)).toEqual([
      '"url":"/a"',
      '"url":"/b"',
      "404 Not Found",
      '"url":"/c"',
    ]);
  });

  it("is answered although the client has ended its side", async () => {
    const port = await echoEdge();
    const client = new RawClient(port).send(get("/1", "notes.localhost") + get("/2", "notes.localhost"));
    client.socket.end();
    expect((await client.all()).match(/"url":"[^"]*"/g)).toEqual(['"url":"/1"', '"url":"/2"']);
  });

  it("in HTTP/1.0 gets no chunks; the connection is kept only on demand", async () => {
    const { edge, port } = await startEdge();
    const app = await listen(
      createServer((_request, response) => {
        response.write("a");
        response.end("b");
      }),
    );
    await edge.use(table(target("notes", app)));
    const plain = await exchange(
      port,
      "GET / HTTP/1.0\r\nHost: notes.localhost\r\nConnection: keep-alive\r\n\r\n",
    );
    expect(plain).not.toContain("chunked");
    expect(bodyOf(plain)).toBe("ab");
    await edge.use(table(target("notes", await rawOk("hi"))));
    const client = new RawClient(port).send(
      "GET / HTTP/1.0\r\nHost: notes.localhost\r\nConnection: keep-alive\r\n\r\n",
    );
    expect(await client.until((text) => text.endsWith("hi"))).toContain("Connection: keep-alive\r\n");
    client.send("GET / HTTP/1.0\r\nHost: notes.localhost\r\n\r\n");
    expect((await client.all()).split("hi").length).toBe(3);
  });

  it("that expects 100-continue gets the app's word for it, then sends its body", async () => {
    const port = await echoEdge();
    const client = new RawClient(port).send(
      `POST / HTTP/1.1\r\nHost: notes.localhost\r\n${CLOSE}Content-Length: 2\r\nExpect: 100-Continue\r\n\r\n`,
    );
    await client.until((text) => text === "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("ok");
    expect(await client.all()).toContain('"body":"ok"');
  });
});

describe("an answer", () => {
  const through = async (
    answer: string,
    request = get("/", "notes.localhost", CLOSE),
    end = false,
  ): Promise<string> => {
    const { edge, port } = await startEdge();
    const app = await rawApp((_seen, socket) =>
      end ? socket.end(answer, "latin1") : socket.write(answer, "latin1"),
    );
    await edge.use(table(target("notes", app)));
    return exchange(port, request);
  };
  const length = (body: string) => `Content-Length: ${body.length}\r\n\r\n${body}`;

  it("comes as it is, without what concerns the app's connection", async () => {
    const answer = await through(
      `HTTP/1.1 299 Very \xe9\r\nX-A: 1\r\nConnection: keep-alive, X-B\r\nX-B: 2\r\nKeep-Alive: timeout=5\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n${length("x")}`,
    );
    expect(answer).toBe(
      "HTTP/1.1 299 Very \xe9\r\nX-A: 1\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
    );
  });

  it("to HEAD, of 204 and of 304 has no body, and the connection goes on", async () => {
    const { edge, port } = await startEdge();
    const app = await rawApp((seen, socket) => {
      if (!seen.endsWith("\r\n\r\n")) return;
      const status = [...seen.matchAll(/\/(\d+) HTTP\/1\.1\r\n/g)].at(-1)?.[1];
      socket.write(`HTTP/1.1 ${status} X\r\n${status === "204" ? "" : "Content-Length: 1000\r\n"}\r\n`);
    });
    await edge.use(table(target("notes", app)));
    const client = new RawClient(port);
    const head = get("/200", "notes.localhost").replace("GET", "HEAD");
    client.send(`${head}${get("/204", "notes.localhost")}${get("/304", "notes.localhost")}${head}`);
    const answer = await client.until(
      (text) => text.split("HTTP/1.1").length === 5 && text.endsWith("\r\n\r\n"),
    );
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([
      "HTTP/1.1 200",
      "HTTP/1.1 204",
      "HTTP/1.1 304",
      "HTTP/1.1 200",
    ]);
  });

  it("in chunks stays in chunks, without extensions and trailers", async () => {
    const chunks =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n";
    expect(bodyOf(await through(chunks))).toBe("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  });

  it("that ends with the app's connection becomes chunks", async () => {
    const answer = await through("HTTP/1.0 200 OK\r\nX: 1\r\n\r\nall of it", undefined, true);
    expect(bodyOf(answer)).toBe("9\r\nall of it\r\n0\r\n\r\n");
  });

  it("can be large, and is the same", async () => {
    const body = Array.from({ length: 40_000 }, (_, index) => `${index},`).join("");
    expect(
      bodyOf(await through(`HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n${length(body)}`)) === body,
    ).toBe(true);
    expect(bodyOf(await through(`HTTP/1.1 200 OK\r\n${length(body)}`)) === body).toBe(true);
  });

  it("in pieces of one byte is the same", async () => {
    const { edge, port } = await startEdge();
    const app = await rawApp(async (_seen, socket) => {
      for (const byte of `HTTP/1.1 200 OK\r\nX: 1\r\n${length("hello")}`) {
        socket.write(byte);
        await new Promise(setImmediate);
      }
    });
    await edge.use(table(target("notes", app)));
    expect(bodyOf(await exchange(port, get("/", "notes.localhost", CLOSE)))).toBe("hello");
  });

  it("may be preceded by interim ones", async () => {
    const answer = await through(
      `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n${length("x")}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nLink: <\/x>\r\n\r\nHTTP\/1\.1 200 OK/);
  });

  it.each([
    ["no HTTP", "SSH-2.0-OpenSSH_9\r\n\r\n"],
    ["a bare LF", `HTTP/1.1 200 OK\nX: 1\r\n${length("x")}`],
    ["a bare LF in a header", `HTTP/1.1 200 OK\r\nX: 1\nY: 2\r\n${length("x")}`],
    ["a folded header", `HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\n${length("x")}`],
    ["a blank before the colon", `HTTP/1.1 200 OK\r\nX : 1\r\n${length("x")}`],
    ["NUL in a header", `HTTP/1.1 200 OK\r\nX: \0\r\n${length("x")}`],
    ["a strange status", `HTTP/1.1 2000 OK\r\n${length("x")}`],
    ["a status below 100", `HTTP/1.1 099 OK\r\n${length("x")}`],
    ["HTTP/2", `HTTP/2.0 200 OK\r\n${length("x")}`],
    ["two lengths", `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n${length("x")}`],
    ["a strange length", "HTTP/1.1 200 OK\r\nContent-Length: 1,1\r\n\r\nx"],
    [
      "length and chunks",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["another coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx"],
    ["chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    [
      "a change of protocol unasked",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ],
    ["an endless head", `HTTP/1.1 200 OK\r\n${`X: ${"y".repeat(1000)}\r\n`.repeat(80)}`],
    ["too many headers", `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(101)}${length("x")}`],
    ["interim answers without end", "HTTP/1.1 102 Wait\r\n\r\n".repeat(100)],
  ])("of an app that sends %s becomes 502, and the edge goes on", async (_name, answer) => {
    const text = await through(answer);
    expect(text).toMatch(/HTTP\/1\.1 502 Bad Gateway\r\n/);
    expect(text).toContain('"code":"bad-gateway"');
  });

  it.each([
    ["by length", `HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf`],
    ["in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"],
    ["in broken chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n"],
  ])("that breaks off %s is broken off, never completed", async (_name, answer) => {
    const text = await through(answer, get("/", "notes.localhost"), true);
    expect(text).not.toMatch(/\n0\r\n\r\n$/);
    expect(text).not.toContain("502");
  });

  it("with more than its length does not spill into the next one, which gets a new connection", async () => {
    const asked = new Set<unknown>();
    const { edge, port } = await startEdge();
    const app = await rawApp((_seen, socket) => {
      asked.add(socket);
      socket.write(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
      );
    });
    await edge.use(table(target("notes", app)));
    const client = new RawClient(port).send(get("/1", "notes.localhost"));
    await client.until((text) => text.endsWith("ok"));
    client.send(get("/2", "notes.localhost", CLOSE));
    expect(await client.all()).not.toContain("evil");
    expect(asked.size).toBe(2);
  });

  it("without a body may be followed by many bytes that nobody gets", async () => {
    const surplus = "x".repeat(50_000);
    expect(await through(`HTTP/1.1 204 No Content\r\n\r\n${surplus}`)).toMatch(/^HTTP\/1\.1 204 [^x]*$/);
  });

  it("that comes before the request's end is brought, and the connection ends", async () => {
    const { edge, port } = await startEdge();
    const app = await rawApp((_seen, socket) =>
      socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"),
    );
    await edge.use(table(target("notes", app)));
    const client = new RawClient(port);
    atEnd(() => client.socket.destroy());
    client.send("POST / HTTP/1.1\r\nHost: notes.localhost\r\nContent-Length: 100000\r\n\r\nsome");
    await eventually(() => client.text.endsWith("no"), "the early answer");
    client.socket.end();
    expect(await client.all()).toContain("413 Too Large");
  });
});
