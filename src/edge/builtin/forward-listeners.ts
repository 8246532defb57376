// Stable loopback ports that lead to apps: opened and closed as the table says.
import { createServer, type Server, type Socket } from "node:net";
import type { Forward } from "../../domain/route.ts";
import type { EdgeParts } from "./edge-parts.ts";
import { TcpForward } from "./tcp-forward.ts";

interface Listener {
  forward: Forward;
  server: Server;
  listening: boolean;
}

export class ForwardListeners {
  private readonly edge: EdgeParts;
  private readonly acceptHttp: (socket: Socket, app: string) => void;
  private readonly listeners = new Map<number, Listener>();

  constructor(edge: EdgeParts, acceptHttp: (socket: Socket, app: string) => void) {
    this.edge = edge;
    this.acceptHttp = acceptHttp;
  }

  /** Listens where the table says and nowhere else. Resolves with one sentence for each port that can't be had. */
  async use(forwards: Forward[]): Promise<string[]> {
    const wanted = new Map(forwards.map((forward) => [forward.port, forward]));
    for (const [port, listener] of this.listeners) {
      const forward = wanted.get(port);
      if (forward !== undefined && listener.listening) listener.forward = forward;
      else this.drop(port, listener);
    }
    const missing = [...wanted.values()].filter(({ port }) => !this.listeners.has(port));
    const problems = await Promise.all(missing.map((forward) => this.open(forward)));
    return problems.filter((problem) => problem !== null);
  }

  close(): void {
    for (const [port, listener] of this.listeners) this.drop(port, listener);
  }

  private drop(port: number, listener: Listener): void {
    this.listeners.delete(port);
    listener.server.close();
  }

  /** Shared with other edges, so that the next one can listen before this one stops. */
  private open(forward: Forward): Promise<string | null> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.accept(socket, listener),
    );
    const listener: Listener = { forward, server, listening: false };
    this.listeners.set(forward.port, listener);
    return new Promise((resolve) => {
      server.on("error", (error) => {
        if (this.listeners.get(forward.port) === listener) this.listeners.delete(forward.port);
        resolve(`port ${forward.port} of ${forward.app} can't be listened on: ${error.message}`);
      });
      server.listen(
        { host: "127.0.0.1", port: forward.port, reusePort: process.platform === "linux" },
        () => {
          listener.listening = true;
          resolve(null);
        },
      );
    });
  }

  private accept(socket: Socket, { forward }: Listener): void {
    if (forward.mode === "http") {
      this.acceptHttp(socket, forward.app);
      return;
    }
    const app = this.edge.routes.app(forward.app);
    if (app === null) socket.destroy();
    else new TcpForward(socket, this.edge, app);
  }
}
