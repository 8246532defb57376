// All that the edge has to do with one instance: its idle connections and what is in flight to it.
import { UpstreamConnection, type UpstreamUser } from "./upstream-connection.ts";

const MAX_IDLE = 256;

export class UpstreamPool {
  readonly instanceId: string;
  readonly host: string;
  readonly port: number;
  /** Ordinary requests that the instance has not finished. */
  inFlight = 0;
  private readonly idle: UpstreamConnection[] = [];
  private retired = false;
  private readonly drainListeners = new Set<() => void>();

  constructor(instanceId: string, host: string, port: number) {
    this.instanceId = instanceId;
    this.host = host;
    this.port = port;
  }

  get isRetired(): boolean {
    return this.retired;
  }

  get hasIdle(): boolean {
    return this.idle.length > 0;
  }

  begin(): void {
    this.inFlight++;
  }

  finish(): void {
    this.inFlight--;
    if (this.inFlight > 0 || this.drainListeners.size === 0) return;
    const listeners = [...this.drainListeners];
    this.drainListeners.clear();
    for (const listener of listeners) listener();
  }

  /** Calls back once nothing is in flight. */
  whenDrained(listener: () => void): void {
    if (this.inFlight === 0) listener();
    else this.drainListeners.add(listener);
  }

  /** The connection that was used last, if it has been idle for less than `maxIdleMs` at `time`. */
  takeIdle(time: number, maxIdleMs: number): UpstreamConnection | null {
    for (;;) {
      const connection = this.idle.pop();
      if (connection === undefined) return null;
      if (!connection.socket.destroyed && time - connection.idleSince < maxIdleMs) return connection;
      connection.discard();
    }
  }

  open(connectMs: number, user: UpstreamUser): UpstreamConnection {
    return new UpstreamConnection(this.host, this.port, connectMs, user);
  }

  /** Keeps a connection for the next request; one that says anything or ends meanwhile is closed. */
  giveBack(connection: UpstreamConnection, time: number): void {
    if (this.retired || this.idle.length >= MAX_IDLE || connection.socket.destroyed) {
      connection.discard();
      return;
    }
    connection.idleSince = time;
    connection.user = this.watchIdle;
    this.idle.push(connection);
  }

  /** Closes what has been idle for `maxIdleMs`. */
  sweep(time: number, maxIdleMs: number): void {
    while (this.idle.length > 0) {
      const oldest = this.idle[0] as UpstreamConnection;
      if (time - oldest.idleSince < maxIdleMs && !oldest.socket.destroyed) return;
      this.idle.shift();
      oldest.discard();
      oldest.recycle();
    }
  }

  /** The table knows the instance no more: nothing new goes there. */
  retire(): void {
    this.retired = true;
    for (const connection of this.idle.splice(0)) connection.discard();
  }

  revive(): void {
    this.retired = false;
  }

  private readonly watchIdle: UpstreamUser = {
    connected: () => undefined,
    received: () => {
      this.dropClosed(true);
      return false;
    },
    ended: () => this.dropClosed(false),
    lost: () => this.dropClosed(false),
  };

  /** An app that speaks unasked can't be told from one that is out of step: all its idle connections go. */
  private dropClosed(all: boolean): void {
    for (let index = this.idle.length - 1; index >= 0; index--) {
      const connection = this.idle[index] as UpstreamConnection;
      if (!all && !connection.socket.destroyed && !connection.socket.readableEnded) continue;
      this.idle.splice(index, 1);
      connection.discard();
    }
  }
}
