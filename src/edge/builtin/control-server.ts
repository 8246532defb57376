// The edge's side of its control socket: takes tables and drains from the daemon, reports traffic.
import { chmodSync, unlinkSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { RouteTable, TrafficReport } from "../../domain/route.ts";
import { type SocketPath, shortSocketPath } from "../control-path.ts";
import {
  controlSocketName,
  type DaemonMessage,
  type EdgeMessage,
  isRouteTable,
  line,
  lineReader,
} from "../protocol.ts";
import type { EdgeServer } from "./edge-server.ts";

export const REPORT_MS = 5_000;
/** Beyond this a daemon that does not read gets no more reports. */
const MAX_QUEUED = 4 * 1024 * 1024;

export class ControlServer {
  private readonly edge: EdgeServer;
  private readonly path: SocketPath;
  private readonly server: Server;
  private readonly daemons = new Set<Socket>();
  private reporter: NodeJS.Timeout | null = null;
  private unsent: TrafficReport[] = [];

  constructor(edge: EdgeServer, dir: string, pid: number) {
    this.edge = edge;
    this.path = shortSocketPath(dir, controlSocketName(pid));
    this.server = createServer((socket) => this.accept(socket));
  }

  listen(): Promise<void> {
    try {
      unlinkSync(this.path.path);
    } catch {
      // There is none: the usual case.
    }
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.path.path, () => {
        chmodSync(this.path.path, 0o600);
        resolve();
      });
    });
  }

  /** Sends the last counts and ends. */
  close(): void {
    this.report();
    if (this.reporter !== null) clearInterval(this.reporter);
    for (const daemon of this.daemons) daemon.end();
    this.server.close(() => this.path.release());
  }

  private accept(socket: Socket): void {
    const read = lineReader((message) => void this.obey(socket, message as DaemonMessage));
    this.daemons.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.forget(socket));
    socket.on("data", (bytes: Buffer) => {
      if (!read(bytes)) socket.destroy();
    });
    const { version } = this.edge.parts.routes;
    this.say(socket, { type: "hello", pid: process.pid, version, connections: this.edge.connections });
    this.reporter ??= setInterval(() => this.report(), REPORT_MS);
  }

  private forget(socket: Socket): void {
    this.daemons.delete(socket);
    if (this.daemons.size > 0 || this.reporter === null) return;
    clearInterval(this.reporter);
    this.reporter = null;
  }

  private async obey(socket: Socket, message: DaemonMessage): Promise<void> {
    if (message.type === "routes") {
      if (!isRouteTable(message.table)) {
        this.edge.parts.log("a route table was refused: it is malformed");
        socket.destroy();
        return;
      }
      await this.apply(socket, message.table);
    } else if (message.type === "drain")
      this.edge.parts.routes.whenDrained(message.instanceId, () =>
        this.say(socket, { type: "drained", id: message.id }),
      );
  }

  private async apply(socket: Socket, table: RouteTable): Promise<void> {
    const problems = await this.edge.use(table);
    for (const problem of problems) this.edge.parts.log(problem);
    this.say(socket, { type: "applied", version: table.version, problems });
  }

  private say(socket: Socket, message: EdgeMessage): void {
    if (socket.writable) socket.write(line(message));
  }

  private report(): void {
    for (const app of this.edge.parts.routes.all()) {
      const report = app.traffic.take();
      if (report !== null) this.unsent.push(report);
    }
    if (this.unsent.length === 0) return;
    for (const daemon of this.daemons)
      if (daemon.writableLength < MAX_QUEUED)
        this.say(daemon, { type: "traffic", reports: this.unsent, connections: this.edge.connections });
    this.unsent = [];
  }
}
