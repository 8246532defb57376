// A forward in tcp mode: one connection of a dependant, piped to an instance of the app once there is one.
import type { Socket } from "node:net";
import type { EdgeParts } from "./edge-parts.ts";
import type { AppState } from "./live-routes.ts";
import { Tunnel } from "./tunnel.ts";
import type { UpstreamConnection, UpstreamUser } from "./upstream-connection.ts";
import type { UpstreamPool } from "./upstream-pool.ts";

export class TcpForward implements UpstreamUser {
  private readonly client: Socket;
  private readonly edge: EdgeParts;
  private readonly app: AppState;
  private readonly since = performance.now();
  private connection: UpstreamConnection | null = null;
  private tunnel: Tunnel | null = null;
  private timer: NodeJS.Timeout | null = null;
  private over = false;

  constructor(client: Socket, edge: EdgeParts, app: AppState) {
    this.client = client;
    this.edge = edge;
    this.app = app;
    client.pause();
    client.on("error", () => undefined);
    client.on("close", () => this.clientGone());
    client.on("end", () => this.tunnel?.clientEnded());
    client.on("data", (bytes: Buffer) => this.tunnel?.fromClient(bytes));
    client.pause();
    this.route();
  }

  private route(): void {
    const target = this.app.target;
    if (target === null || target.action === "unavailable") {
      this.giveUp();
      return;
    }
    const pools = this.app.pools;
    const pool =
      target.action === "serve" ? (pools[++this.app.turn % Math.max(1, pools.length)] ?? null) : null;
    if (pool === null) {
      this.hold(target.waitMs);
      return;
    }
    this.connect(pool);
  }

  private connect(pool: UpstreamPool): void {
    this.connection = pool.open(this.edge.limits.connectMs, this);
  }

  private hold(waitMs: number): void {
    const left = this.since + waitMs - performance.now();
    if (left <= 0 || this.edge.waiting >= this.edge.limits.maxWaiting) {
      this.giveUp();
      return;
    }
    this.edge.waiting++;
    this.app.waiting.add(this.lookAgain);
    this.timer = setTimeout(this.lookAgain, Math.min(left, this.edge.limits.retryMs));
  }

  private readonly lookAgain = (): void => {
    this.stopHolding();
    if (!this.over) this.route();
  };

  private stopHolding(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.app.waiting.delete(this.lookAgain);
    this.edge.waiting--;
  }

  private giveUp(): void {
    this.over = true;
    this.client.destroy();
  }

  private clientGone(): void {
    this.over = true;
    this.stopHolding();
    this.connection?.discard();
  }

  // As user of the connection while it is being opened:
  connected(): void {
    const connection = this.connection as UpstreamConnection;
    this.tunnel = new Tunnel(this.client, connection, (bytes) => this.app.traffic.sent(bytes));
    connection.user = this.tunnel;
    this.client.resume();
  }

  received(): boolean {
    return false;
  }

  ended(): void {}

  lost(): void {
    this.connection = null;
    if (!this.over) this.hold(this.app.target?.waitMs ?? 0);
  }
}
