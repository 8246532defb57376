// The edge's listeners: takes connections within bounds, looks after their time limits, and stops without breaking anything off.
import { createServer, type Server, type Socket } from "node:net";
import type { RouteTable } from "../../domain/route.ts";
import { ClientConnection } from "./client-connection.ts";
import { type EdgeLog, type EdgeParts, LIMITS, type Limits } from "./edge-parts.ts";
import { refused, renderProblem } from "./error-answer.ts";
import { ForwardListeners } from "./forward-listeners.ts";
import { LiveRoutes } from "./live-routes.ts";

const SWEEP_MS = 500;

export interface ListenAddress {
  host: string;
  port: number;
}

export class EdgeServer {
  readonly parts: EdgeParts;
  private readonly clients = new Set<ClientConnection>();
  private readonly servers = new Set<Server>();
  private readonly forwards: ForwardListeners;
  private sweeper: NodeJS.Timeout | null = null;
  private accepted = 0;
  private emptied: (() => void) | null = null;

  constructor(log: EdgeLog, limits: Partial<Limits> = {}) {
    this.parts = {
      routes: new LiveRoutes(),
      limits: { ...LIMITS, ...limits },
      log,
      time: performance.now(),
      stopping: false,
      waiting: 0,
    };
    this.forwards = new ForwardListeners(this.parts, (socket, app) => this.accept(socket, app));
  }

  get connections(): number {
    return this.clients.size;
  }

  /** Listens for requests of all hosts; resolves with the port, rejects with the system's error. */
  listen({ host, port }: ListenAddress, reusePort: boolean): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.accept(socket, null),
    );
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port, reusePort, backlog: 1024, ipv6Only: host.includes(":") }, () => {
        server.off("error", reject);
        server.on("error", (error) => this.parts.log("a listener failed", { error: error.message }));
        this.servers.add(server);
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }

  /** Makes the table the one in force; resolves with what went wrong at forwards, empty when all listen. */
  async use(table: RouteTable): Promise<string[]> {
    this.parts.routes.swap(table);
    return this.forwards.use(table.forwards);
  }

  private accept(socket: Socket, app: string | null): void {
    const { parts, clients } = this;
    if (clients.size >= parts.limits.maxConnections && !this.makeRoom()) {
      socket.on("error", () => undefined);
      const problem = {
        ...refused(503, "there are too many connections"),
        code: "too-many-connections",
        retryAfter: 1,
      };
      socket.end(renderProblem(problem, null, true), "latin1", () => socket.destroy());
      return;
    }
    this.accepted++;
    if (this.sweeper === null) this.startSweeping();
    const client = new ClientConnection(socket, parts, app);
    clients.add(client);
    socket.once("close", () => {
      clients.delete(client);
      if (clients.size === 0) this.emptied?.();
    });
  }

  /** Lets the oldest connection that has no whole request go. */
  private makeRoom(): boolean {
    for (const client of this.clients)
      if (client.isWaitingForHead) {
        this.clients.delete(client);
        client.socket.destroy();
        return true;
      }
    return false;
  }

  private startSweeping(): void {
    this.parts.time = performance.now();
    this.sweeper = setInterval(() => this.sweep(), SWEEP_MS);
  }

  /** Nothing to look after: no timer, no wake-up. */
  private sweep(): void {
    const { parts, clients } = this;
    parts.time = performance.now();
    for (const client of clients) client.sweep(parts.time);
    parts.routes.sweep(parts.time, parts.limits.upstreamIdleMs);
    if (clients.size > 0 || parts.routes.hasIdle || this.sweeper === null) return;
    clearInterval(this.sweeper);
    this.sweeper = null;
  }

  /** Accepts no more, lets requests in flight end within the bound, and closes everything. */
  async stop(): Promise<void> {
    const { parts, clients } = this;
    parts.stopping = true;
    await this.quietMoment();
    for (const server of this.servers) server.close();
    this.forwards.close();
    const grace = setTimeout(() => this.closeIdle(), parts.limits.lastRequestMs);
    let bound: NodeJS.Timeout | undefined;
    if (clients.size > 0)
      await new Promise<void>((resolve) => {
        this.emptied = resolve;
        bound = setTimeout(resolve, parts.limits.stopMs);
      });
    clearTimeout(grace);
    clearTimeout(bound);
    for (const client of clients) client.socket.destroy();
    for (const app of parts.routes.all()) for (const pool of app.pools) pool.retire();
    if (this.sweeper !== null) clearInterval(this.sweeper);
    this.sweeper = null;
  }

  /**
   * Closing a listener resets the connections that the kernel holds for it: it is done right after a look at them that
   * found none. A busy edge gets a bounded number of looks.
   */
  private async quietMoment(): Promise<void> {
    for (let look = 0; look < 200; look++) {
      const [accepted, at] = [this.accepted, performance.now()];
      await new Promise((resolve) => setImmediate(resolve));
      if (look > 0 && accepted === this.accepted && performance.now() - at < 0.2) return;
    }
  }

  /** Until now a request that was on its way over a kept connection was still answered. */
  private closeIdle(): void {
    for (const client of [...this.clients]) if (client.isWaitingForHead) client.close();
  }
}
