// What lasts: WebSockets and other upgrades, event streams, uploads and downloads of slow and fast sides.
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import {
  atEnd,
  CLOSE,
  edgeLog,
  endAll,
  eventually,
  get,
  listen,
  RawClient,
  rawApp,
  sleep,
  startEdge,
  table,
  target,
} from "./edge-test-kit.ts";

afterEach(async () => {
  await endAll();
  expect(edgeLog.splice(0)).toEqual([]);
});

const MIB = 1024 * 1024;
const UPGRADE = "Connection: Upgrade\r\nUpgrade: echo\r\n";

async function socketApp(): Promise<number> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
    socket.on("error", () => undefined);
  });
  atEnd(() => sockets.close());
  return listen(server);
}

function openSocket(port: number): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers: { host: "notes.localhost" } });
  atEnd(() => socket.terminate());
  return socket;
}

/** An app that changes to a protocol of its own and sends back what it gets. */
const upgradeApp = (greeting = ""): Promise<number> =>
  rawApp((seen, socket) => {
    if (!seen.endsWith("\r\n\r\n")) return;
    socket.removeAllListeners("data");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n${greeting}`,
    );
    socket.pipe(socket);
  });

describe("an upgrade", () => {
  it("lets a WebSocket through, small and large messages both ways, and its end", async () => {
    const { edge, port } = await startEdge();
    await edge.use(table(target("notes", await socketApp())));
    const socket = openSocket(port);
    await once(socket, "open");
    for (const message of ["hi", "x".repeat(300_000)]) {
      socket.send(message);
      expect(String((await once(socket, "message"))[0])).toBe(message);
    }
    socket.close(1000, "done");
    expect((await once(socket, "close"))[0]).toBe(1000);
    await eventually(() => edge.connections === 0, "the end of the connection");
  });

  it("goes on through 100 table changes, also without the instance, and is not waited for", async () => {
    const { edge, port } = await startEdge();
    const app = await socketApp();
    await edge.use(table(target("notes", app)));
    const socket = openSocket(port);
    await once(socket, "open");
    for (let count = 0; count < 100; count++) {
      await edge.use(count % 2 === 0 ? table() : table(target("notes", app)));
      if (count % 20 > 0) continue;
      socket.send(String(count));
      expect(String((await once(socket, "message"))[0])).toBe(String(count));
    }
    await new Promise<void>((resolve) => edge.parts.routes.whenDrained(`notes-${app}`, resolve));
  });

  it("passes bytes that came with the heads, and each end by itself", async () => {
    const { edge, port } = await startEdge();
    await edge.use(table(target("notes", await upgradeApp("hello "))));
    const client = new RawClient(port).send(`${get("/", "notes.localhost", UPGRADE)}early `);
    await client.until((text) => text.endsWith("\r\n\r\nhello early "));
    client.send("late");
    client.socket.end();
    expect(await client.all()).toMatch(/hello early late$/);
  });

  it("keeps memory bounded when the client does not read", async () => {
    const { edge, port } = await startEdge();
    let sent = 0;
    const app = await rawApp((seen, socket) => {
      if (!seen.endsWith("\r\n\r\n")) return;
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
      sent = pour(
        socket,
        () => sent,
        (bytes) => {
          sent = bytes;
        },
      );
    });
    await edge.use(table(target("notes", app)));
    const client = connect(port, "127.0.0.1");
    atEnd(() => client.destroy());
    client.write(get("/", "notes.localhost", UPGRADE));
    await standsStill(() => sent);
    expect(sent).toBeLessThan(40 * MIB);
  });

  it("keeps memory bounded when the app does not read", async () => {
    const { edge, port } = await startEdge();
    const app = await rawApp((seen, socket) => {
      if (!seen.endsWith("\r\n\r\n")) return;
      socket.pause();
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    });
    await edge.use(table(target("notes", app)));
    const client = new RawClient(port).send(get("/", "notes.localhost", UPGRADE));
    await client.until((text) => text.endsWith("\r\n\r\n"));
    let sent = 0;
    pour(
      client.socket,
      () => sent,
      (bytes) => {
        sent = bytes;
      },
    );
    await standsStill(() => sent);
    expect(sent).toBeLessThan(40 * MIB);
  });

  it("is no upgrade when the app answers otherwise", async () => {
    const { edge, port } = await startEdge();
    const app = await rawApp((_seen, socket) =>
      socket.write("HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\nno"),
    );
    await edge.use(table(target("notes", app)));
    const client = new RawClient(port).send(get("/", "notes.localhost", UPGRADE));
    await client.until((text) => text.endsWith("no"));
    client.send(get("/", "notes.localhost", CLOSE));
    expect((await client.all()).split("400 No").length).toBe(3);
  });

  it("is not passed on unless the client asked for it", async () => {
    const { edge, port } = await startEdge();
    let asked = "";
    const app = await rawApp((seen, socket) => {
      asked = seen;
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    await edge.use(table(target("notes", app)));
    await new RawClient(port).send(get("/", "notes.localhost", `Upgrade: websocket\r\n${CLOSE}`)).all();
    expect(asked.toLowerCase()).not.toContain("upgrade");
  });
});

/** Writes on and on as long as the peer takes it; at most 200 MiB. */
function pour(socket: Socket, read: () => number, write: (bytes: number) => void): number {
  const piece = Buffer.alloc(256 * 1024);
  const more = (): void => {
    while (read() < 200 * MIB && !socket.destroyed) {
      write(read() + piece.length);
      if (!socket.write(piece)) return;
    }
  };
  socket.on("drain", more);
  more();
  return read();
}

/** Waits until a count no longer grows. */
async function standsStill(count: () => number): Promise<void> {
  for (let before = -1; before !== count(); ) {
    before = count();
    await sleep(250);
  }
}

describe("a stream", () => {
  it("of events comes event by event, and is not waited for", async () => {
    const { edge, port } = await startEdge();
    let send: (text: string) => void = () => undefined;
    const app = await listen(
      createServer((_request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.flushHeaders();
        send = (text) => void response.write(text);
      }),
    );
    await edge.use(table(target("notes", app)));
    const client = new RawClient(port).send(get("/", "notes.localhost"));
    await client.until((text) => text.endsWith("\r\n\r\n"));
    for (const event of ["data: 1\n\n", "data: 2\n\n"]) {
      send(event);
      await client.until((text) => text.endsWith(`${event}\r\n`));
    }
    await new Promise<void>((resolve) => edge.parts.routes.whenDrained(`notes-${app}`, resolve));
    await edge.use(table());
    send("data: 3\n\n");
    await client.until((text) => text.endsWith("data: 3\n\n\r\n"));
  });

  it("ends at the app when the client goes", async () => {
    const { edge, port } = await startEdge();
    let closed = false;
    const app = await listen(
      createServer((_request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write("data: 1\n\n");
        response.on("close", () => {
          closed = true;
        });
      }),
    );
    await edge.use(table(target("notes", app)));
    const client = new RawClient(port).send(get("/", "notes.localhost"));
    await client.until((text) => text.includes("data: 1"));
    client.socket.end();
    await eventually(() => closed, "the end of the app's answer");
    await eventually(() => edge.connections === 0, "the end of the connection");
  });

  it.each(["Content-Length: 209715200", "Transfer-Encoding: chunked", "X-Until-Close: 1"])(
    "with %s waits for a client that does not read; memory stays bounded, others are served",
    async (framing) => {
      const { edge, port } = await startEdge();
      let sent = 0;
      const chunk = Buffer.from(`40000\r\n${"x".repeat(0x40000)}\r\n`);
      const app = await rawApp((seen, socket) => {
        if (seen.startsWith("GET /small")) {
          socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          return;
        }
        socket.write(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n`);
        const more = (): void => {
          while (sent < 200 * MIB && !socket.destroyed) {
            sent += chunk.length;
            if (!socket.write(framing.includes("chunked") ? chunk : chunk.subarray(7, -2))) return;
          }
        };
        socket.on("drain", more);
        more();
      });
      await edge.use(table(target("notes", app)));
      const client = connect(port, "127.0.0.1");
      atEnd(() => client.destroy());
      client.write(get("/", "notes.localhost"));
      await standsStill(() => sent);
      expect(sent).toBeGreaterThan(0);
      expect(sent).toBeLessThan(40 * MIB);
      expect(await new RawClient(port).send(get("/small", "notes.localhost", CLOSE)).all()).toMatch(/ok$/);
      let received = 0;
      client.on("data", (bytes) => {
        received += bytes.length;
      });
      await eventually(() => received > 60 * MIB, "the rest once the client reads");
    },
  );

  it("up waits for an app that does not read, then arrives as a whole", async () => {
    const { edge, port } = await startEdge();
    let read: () => void = () => undefined;
    let got = 0;
    const app = await listen(
      createServer((request, response) => {
        read = () => {
          request.on("data", (bytes: Buffer) => {
            got += bytes.length;
          });
          request.on("end", () => response.end("done"));
        };
      }),
    );
    await edge.use(table(target("notes", app)));
    const client = new RawClient(port);
    client.send(`POST / HTTP/1.1\r\nHost: notes.localhost\r\n${CLOSE}Content-Length: ${64 * MIB}\r\n\r\n`);
    let sent = 0;
    const piece = Buffer.alloc(MIB);
    const more = (): void => {
      while (sent < 64 * MIB) {
        sent += piece.length;
        if (!client.socket.write(piece)) return;
      }
    };
    client.socket.on("drain", more);
    more();
    await standsStill(() => sent);
    expect(sent).toBeLessThan(40 * MIB);
    read();
    expect(await client.all()).toMatch(/done$/);
    expect(got).toBe(64 * MIB);
  });
});
