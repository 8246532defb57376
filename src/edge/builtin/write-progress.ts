// Notices a peer that takes nothing of what waits for it.
import type { Socket } from "node:net";

export class WriteProgress {
  private taken = -1;
  private takenAt = 0;

  private written = 0;

  /** Has anything been sent since the last call? */
  moved(socket: Socket): boolean {
    const before = this.written;
    this.written = socket.bytesWritten;
    return this.written !== before;
  }

  /** Have bytes been waiting for `limitMs` without any being taken? `time` is monotonic ms; asked about once a second. */
  isStuck(socket: Socket, time: number, limitMs: number): boolean {
    if (socket.writableLength === 0) {
      this.taken = -1;
      return false;
    }
    const taken = socket.bytesWritten - socket.writableLength;
    if (taken !== this.taken) {
      this.taken = taken;
      this.takenAt = time;
    }
    return time - this.takenAt >= limitMs;
  }
}
