// One connection to an app: reads into one buffer that is used again and again.
import { createConnection, type Socket } from "node:net";

/** Free bytes in front of what is read: a longer head finds room there, and head and body leave in one write. */
export const HEADROOM = 2048;
const WINDOW = 64 * 1024;
const MAX_SPARE = 128;
const spare: Buffer[] = [];

/** Who uses a connection at the moment. `received` returns false to stop reading until `resume`. */
export interface UpstreamUser {
  connected(): void;
  /** `bytes[0..length)` is valid until the connection reads again. */
  received(bytes: Buffer, length: number): boolean;
  /** The app sends no more. */
  ended(): void;
  /** The connection is gone. */
  lost(error: Error | null): void;
}

export class UpstreamConnection {
  readonly socket: Socket;
  /** The window with the headroom in front of it. */
  readonly memory: Buffer;
  /** Monotonic ms since when it is idle. */
  idleSince = 0;
  user: UpstreamUser;
  private error: Error | null = null;
  private timer: NodeJS.Timeout | null;

  constructor(host: string, port: number, connectMs: number, user: UpstreamUser) {
    this.user = user;
    this.memory = spare.pop() ?? Buffer.allocUnsafeSlow(HEADROOM + WINDOW);
    const socket = createConnection({
      host,
      port,
      noDelay: true,
      onread: {
        buffer: this.memory.subarray(HEADROOM),
        callback: (length: number, bytes: Uint8Array) => this.user.received(bytes as Buffer, length),
      },
    });
    this.socket = socket;
    this.timer = setTimeout(() => this.fail("it did not accept the connection in time"), connectMs);
    socket.on("connect", () => {
      this.clearTimer();
      this.user.connected();
    });
    socket.on("end", () => this.user.ended());
    socket.on("error", (error) => {
      this.error = error;
    });
    socket.on("close", () => {
      this.clearTimer();
      this.user.lost(this.error);
    });
  }

  resume(): void {
    if (!this.socket.destroyed) this.socket.resume();
  }

  /** Closes at once; the user is still told. */
  destroy(): void {
    this.clearTimer();
    this.socket.destroy();
  }

  /** Closes a connection whose memory nobody reads any more, so that the next one can have it. */
  discard(): void {
    this.user = NOBODY;
    this.destroy();
  }

  /** Keeps the memory of a discarded connection for the next one; only when no write still needs it. */
  recycle(): void {
    if (spare.length < MAX_SPARE) spare.push(this.memory);
  }

  private fail(reason: string): void {
    this.error = new Error(reason);
    this.destroy();
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

/** For a connection that nobody waits for any more. */
export const NOBODY: UpstreamUser = {
  connected: () => undefined,
  received: () => true,
  ended: () => undefined,
  lost: () => undefined,
};
