// The daemon's connection to one edge process.
import { connect, type Socket } from "node:net";
import type { RouteTable, TrafficReport } from "../domain/route.ts";
import { shortSocketPath } from "./control-path.ts";
import { type EdgeMessage, line, lineReader } from "./protocol.ts";

export interface EdgeLinkEvents {
  /** The edge has introduced itself. */
  opened(link: EdgeLink): void;
  traffic(reports: TrafficReport[]): void;
  problem(sentence: string): void;
  /** `refused`: nobody listens on the socket. */
  closed(link: EdgeLink, refused: boolean): void;
}

export class EdgeLink {
  readonly name: string;
  ready = false;
  version: number | null = null;
  connections = 0;
  private readonly socket: Socket;
  private readonly applied = new Map<number, (() => void)[]>();
  private readonly drains = new Map<number, () => void>();

  /** Connects to the control socket `name` in the edge's folder. */
  constructor(dir: string, name: string, events: EdgeLinkEvents) {
    this.name = name;
    const { path, release } = shortSocketPath(dir, name);
    this.socket = connect(path);
    this.socket.once("connect", release);
    let refused = false;
    const read = lineReader((message) => this.hear(message as EdgeMessage, events));
    this.socket.on("data", (bytes: Buffer) => {
      if (!read(bytes)) this.socket.destroy();
    });
    this.socket.on("error", (error: NodeJS.ErrnoException) => {
      refused = error.code === "ECONNREFUSED";
    });
    this.socket.on("close", () => {
      release();
      this.ready = false;
      this.settleAll();
      events.closed(this, refused);
    });
  }

  /** Resolves when the edge uses the table, or is gone. */
  send(table: RouteTable): Promise<void> {
    return new Promise((resolve) => {
      if (!this.ready) {
        resolve();
        return;
      }
      this.applied.set(table.version, [...(this.applied.get(table.version) ?? []), resolve]);
      this.socket.write(line({ type: "routes", table }));
    });
  }

  /** Resolves when nothing ordinary is in flight to the instance through this edge, or it is gone. */
  drain(id: number, instanceId: string): Promise<void> {
    return new Promise((resolve) => {
      if (!this.ready) {
        resolve();
        return;
      }
      this.drains.set(id, resolve);
      this.socket.write(line({ type: "drain", id, instanceId }));
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private hear(message: EdgeMessage, events: EdgeLinkEvents): void {
    if (message.type === "hello") {
      this.ready = true;
      this.version = message.version;
      this.connections = message.connections;
      events.opened(this);
    } else if (message.type === "applied") {
      this.version = message.version;
      for (const problem of message.problems) events.problem(problem);
      for (const settle of this.applied.get(message.version) ?? []) settle();
      this.applied.delete(message.version);
    } else if (message.type === "drained") {
      this.drains.get(message.id)?.();
      this.drains.delete(message.id);
    } else if (message.type === "traffic") {
      this.connections = message.connections;
      events.traffic(message.reports);
    }
  }

  private settleAll(): void {
    for (const settles of this.applied.values()) for (const settle of settles) settle();
    for (const settle of this.drains.values()) settle();
    this.applied.clear();
    this.drains.clear();
  }
}
