// Passes bytes both ways between a client and an app, each side as fast as the other takes them, each end by itself.
import type { Socket } from "node:net";
import type { UpstreamConnection, UpstreamUser } from "./upstream-connection.ts";

const KEEP_ALIVE_MS = 60_000;
const EMPTY = Buffer.alloc(0);

export class Tunnel implements UpstreamUser {
  private readonly client: Socket;
  private readonly connection: UpstreamConnection;
  private readonly sent: (bytes: number) => void;

  constructor(client: Socket, connection: UpstreamConnection, sent: (bytes: number) => void) {
    this.client = client;
    this.connection = connection;
    this.sent = sent;
    const { socket } = connection;
    socket.allowHalfOpen = true;
    socket.on("drain", () => client.resume());
    client.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
  }

  connected(): void {}

  fromClient(bytes: Buffer): void {
    const { socket } = this.connection;
    if (socket.destroyed) return;
    if (!socket.write(bytes)) this.client.pause();
  }

  received(bytes: Buffer, length: number): boolean {
    if (this.client.destroyed) return false;
    this.sent(length);
    this.client.write(bytes.subarray(0, length));
    if (this.client.writableLength === 0) return true;
    this.client.write(EMPTY, this.readOn);
    return false;
  }

  private readonly readOn = (): void => this.connection.resume();

  clientEnded(): void {
    this.connection.socket.end();
  }

  clientGone(): void {
    this.connection.discard();
  }

  ended(): void {
    this.client.end();
  }

  lost(): void {
    if (this.client.writableEnded && this.client.readableEnded) return;
    if (this.connection.socket.readableEnded) this.client.end(() => this.client.destroy());
    else this.client.destroy();
  }
}
