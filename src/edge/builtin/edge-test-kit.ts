// For the tests of the edge: a real edge on a free port, raw clients and raw apps, all ended after each test.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { RouteTable, RouteTarget } from "../../domain/route.ts";
import type { Limits } from "./edge-parts.ts";
import { EdgeServer } from "./edge-server.ts";

type Undo = () => unknown;
const undos: Undo[] = [];

/** Ends all that a test started, last first. For `afterEach`. */
export async function endAll(): Promise<void> {
  for (const undo of undos.splice(0).reverse()) await undo();
}

export const atEnd = (undo: Undo): void => void undos.push(undo);

/** What goes wrong inside of the edge, said in its log. */
export const edgeLog: string[] = [];

export async function startEdge(limits: Partial<Limits> = {}): Promise<{ edge: EdgeServer; port: number }> {
  const edge = new EdgeServer((message) => edgeLog.push(message), { stopMs: 50, ...limits });
  const port = await edge.listen({ host: "127.0.0.1", port: 0 }, false);
  atEnd(() => edge.stop());
  return { edge, port };
}

export const target = (
  app: string,
  port: number | number[],
  more: Partial<RouteTarget> = {},
): RouteTarget => ({
  app,
  state: "running",
  action: "serve",
  upstreams: [port].flat().map((each) => ({ instanceId: `${app}-${each}`, host: "127.0.0.1", port: each })),
  staticRoot: null,
  waitMs: 2_000,
  reason: null,
  ...more,
});

let version = 0;

/** A table in which each app has the host `<app>.localhost`. */
export const table = (...targets: RouteTarget[]): RouteTable => ({
  version: ++version,
  hosts: Object.fromEntries(targets.map(({ app }) => [`${app}.localhost`, app])),
  targets: Object.fromEntries(targets.map((each) => [each.app, each])),
  forwards: [],
});

/** Listens on a free loopback port, or the given one; sockets and server end with the test. */
export async function listen(server: Server | import("node:http").Server, port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  atEnd(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** An app of raw bytes: `answer` gets all that came on the connection so far and the socket. */
export async function rawApp(answer: (seen: string, socket: Socket) => void): Promise<number> {
  return listen(
    createServer((socket) => {
      let seen = "";
      socket.on("data", (bytes: Buffer) => {
        seen += bytes.toString("latin1");
        answer(seen, socket);
      });
    }),
  );
}

export class RawClient {
  readonly socket: Socket;
  text = "";
  closed = false;
  private changed: (() => void) | null = null;

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.socket.on("data", (bytes: Buffer) => {
      this.text += bytes.toString("latin1");
      this.changed?.();
    });
    this.socket.on("error", () => undefined);
    this.socket.on("close", () => {
      this.closed = true;
      this.changed?.();
    });
    atEnd(() => this.socket.destroy());
  }

  send(text: string): this {
    this.socket.write(text, "latin1");
    return this;
  }

  /** Waits until what came so far fits; fails with what came when the connection ends or it takes 20 s. */
  async until(fits: (text: string) => boolean): Promise<string> {
    const deadline = Date.now() + 20_000;
    while (!fits(this.text)) {
      if (this.closed) throw new Error(`closed after ${JSON.stringify(this.text)}`);
      if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(this.text)}`);
      await this.change();
    }
    return this.text;
  }

  /** All that comes until the connection ends. */
  async all(): Promise<string> {
    const deadline = Date.now() + 20_000;
    while (!this.closed) {
      if (Date.now() > deadline) throw new Error(`still open after ${JSON.stringify(this.text)}`);
      await this.change();
    }
    return this.text;
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 1_000);
      this.changed = () => {
        clearTimeout(timer);
        this.changed = null;
        resolve();
      };
    });
  }
}

/** Sends bytes on a new connection and gives all that comes back until the edge ends it. */
export const exchange = (port: number, text: string): Promise<string> => new RawClient(port).send(text).all();

export const get = (path: string, host: string, more = ""): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;

/** Ends the connection after the answer, so that `exchange` is quick. */
export const CLOSE = "Connection: close\r\n";

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function eventually(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    await sleep(10);
  }
}
