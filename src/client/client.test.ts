import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { type Client, ClientError, createClient } from "./client.ts";

let home: string;
let server: Server | undefined;
const sockets: Socket[] = [];
beforeEach(() => {
  home = mkdtempSync("/tmp/g-client-");
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = undefined;
  rmSync(home, { recursive: true, force: true });
});

/** A daemon that answers with these bytes, in these pieces, whatever it is asked. */
async function daemonThatSays(
  pieces: string[],
  end = true,
): Promise<{ client: Client; asked: () => string }> {
  let asked = "";
  const path = join(home, "s");
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", async (bytes) => {
      asked += bytes.toString();
      if (!asked.includes("\r\n\r\n")) return;
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (end) socket.end();
    });
  });
  await new Promise<void>((resolve) => server?.listen(path, resolve));
  return { client: createClient({ socketPath: path }), asked: () => asked };
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const { port } = holder.address() as AddressInfo;
  await new Promise((resolve) => holder.close(resolve));
  return port;
}

const failure = (request: Promise<unknown>): Promise<ClientError> =>
  request.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: ClientError) => error,
  );

const OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

test("more requests at once than the socket's queue takes are all answered", async () => {
  const path = join(home, "s");
  server = createServer((socket) => {
    sockets.push(socket);
    socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  });
  await new Promise<void>((resolve) => server?.listen({ path, backlog: 1 }, resolve));
  const client = createClient({ socketPath: path });
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.request("GET", "/api/system")));
  expect(answers).toHaveLength(20);
});

describe("the wire", () => {
  const document = '{"ok":true,"text":"grün"}';
  const length = Buffer.byteLength(document);
  const chunks = `6\r\n{"ok":\r\n${(length - 6).toString(16)};x=y\r\n${document.slice(6)}\r\n0\r\n\r\n`;

  test.each([
    ["by length", [`${OK}Content-Length: ${length}\r\n\r\n${document}`]],
    ["by length, byte by byte", [...`${OK}Content-Length: ${length}\r\n\r\n${document}`]],
    ["by the end of the connection", [`${OK}\r\n`, document]],
    ["in chunks", [`${OK}Transfer-Encoding: chunked\r\n\r\n${chunks}`]],
    ["in chunks, byte by byte", [...`${OK}Transfer-Encoding: chunked\r\n\r\n${chunks}`]],
  ])("reads a body %s", async (_, pieces) => {
    const { client } = await daemonThatSays(pieces);
    expect(await client.request("GET", "/health")).toEqual({ ok: true, text: "grün" });
  });

  test.each([
    ["by length", `${OK}Content-Length: 100\r\n\r\n{"ok":true}`],
    ["in chunks", `${OK}Transfer-Encoding: chunked\r\n\r\nb\r\n{"ok":true}\r\n`],
    ["in the head", "HTTP/1.1 200 OK\r\nContent-"],
    ["with nonsense", "220 mail.example ESMTP\r\n\r\n"],
    ["with a wrong chunk", `${OK}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
    ["with nothing", ""],
  ])("notices an answer that breaks off %s", async (_, bytes) => {
    const { client } = await daemonThatSays([bytes]);
    expect(await failure(client.request("GET", "/health"))).toMatchObject({
      code: "daemon-gone",
      absent: false,
      status: 0,
    });
  });

  test("does not wait for the end of the connection when the body is complete", async () => {
    const { client } = await daemonThatSays([`${OK}Content-Length: ${length}\r\n\r\n${document}`], false);
    expect(await client.request("GET", "/health")).toMatchObject({ ok: true });
  });

  test("lets nothing that it is given become a header or another path", async () => {
    const { client, asked } = await daemonThatSays([`${OK}Content-Length: 2\r\n\r\n{}`]);
    await client.request("GET", "/api/apps/{id}", { params: { id: "../a b?x=1\r\nX: y" } });
    expect(asked()).toContain("GET /api/apps/..%2Fa%20b%3Fx%3D1%0D%0AX%3A%20y HTTP/1.1\r\n");
    const headers = { "if-match": '"1"\r\nX: y' };
    await expect(client.request("GET", "/health", { headers })).rejects.toThrow("line end");
  });

  test("ends when it is told to", async () => {
    const { client } = await daemonThatSays([], false);
    const stop = new AbortController();
    const asked = client.request("GET", "/health", { signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 20);
    await expect(asked).rejects.toThrow("enough");
    await expect(client.request("GET", "/health", { signal: stop.signal })).rejects.toThrow("enough");
  });
});

describe("errors", () => {
  test("no socket, a dead one, and a port that nobody has: there is no daemon", async () => {
    for (const socketPath of [join(home, "none"), join(home, "file")]) {
      if (socketPath.endsWith("file")) writeFileSync(socketPath, "");
      const error = await failure(createClient({ socketPath }).request("GET", "/health"));
      expect(error).toBeInstanceOf(ClientError);
      expect(error).toMatchObject({ code: "daemon-gone", absent: true, hint: "Start it with gantry serve." });
    }
    const nobody = createClient({ url: `http://127.0.0.1:${await freePort()}` });
    expect(await failure(nobody.request("GET", "/health"))).toMatchObject({
      code: "daemon-gone",
      absent: true,
    });
  });

  test("an answer that is no error document is told by its status", async () => {
    const { client } = await daemonThatSays(["HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\noops"]);
    expect(await failure(client.request("GET", "/health"))).toMatchObject({ code: "internal", status: 502 });
  });
});

describe("with a real daemon's API", () => {
  let on: TestApi;
  beforeEach(async () => {
    on = await createTestApi();
  });
  afterEach(() => on.end());

  test("errors have code, status, field and hint", async () => {
    const client = createClient({ socketPath: on.socketPath });
    const wrong = client.request("GET", "/api/apps", { query: { limit: 0 } });
    expect(await failure(wrong)).toMatchObject({ code: "invalid-input", status: 422, field: "limit" });
    const missing = client.request("GET", "/api/apps/{id}", { params: { id: "nobody" } });
    expect(await failure(missing)).toMatchObject({
      code: "app-missing",
      status: 404,
      message: "There is no app nobody",
    });
  });

  test("a browser's session works over the port, and not without", async () => {
    const cookie = await on.signIn();
    const client = createClient({ url: on.api.url, cookie });
    expect((await client.request("POST", "/api/apps/stop-all")).apps).toEqual([]);
    const stranger = createClient({ url: on.api.url });
    expect(await failure(stranger.request("GET", "/api/apps"))).toMatchObject({
      code: "signed-out",
      status: 401,
    });
  });

  test("a stream ends without a complaint when it is told to, and with one when it can't begin", async () => {
    const client = createClient({ socketPath: on.socketPath });
    const stop = new AbortController();
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const event of client.stream("/api/events", { query: { after: 0 }, signal: stop.signal })) {
        seen.push(event.data);
        stop.abort();
      }
    })();
    await on.context.store.write({
      events: [{ type: "app.updated", appId: null, actor: "api", message: "one" }],
    });
    await reading;
    expect(seen).toHaveLength(1);
    const wrong = client.stream("/api/events", { query: { app: "nobody" } });
    expect(await failure(wrong.next())).toMatchObject({ code: "app-missing", status: 404 });
  });

  test("long output comes in pieces", async () => {
    await on.addApp("notes");
    const text = "x".repeat(1_000);
    on.context.logs.read = async function* () {
      for (let i = 1; i <= 3_000; i++) yield { app: "notes", instanceId: "i", at: null, text, offset: i };
    };
    const client = createClient({ socketPath: on.socketPath });
    let pieces = 0;
    let bytes = "";
    for await (const piece of client.bytes("/api/logs", { query: { app: "notes" } })) {
      pieces++;
      bytes += piece.toString();
    }
    expect(pieces).toBeGreaterThan(10);
    const lines = bytes.trimEnd().split("\n");
    expect(lines).toHaveLength(3_000);
    expect(JSON.parse(lines[2_999] ?? "")).toEqual({ app: "notes", instanceId: "i", at: null, text });
  });
});
