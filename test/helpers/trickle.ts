// Clients that never finish their requests: connections that send a byte of a header now and then, and come again when they are cut.
import { connect, type Socket } from "node:net";

export interface Trickle {
  /** How many connections are open now, and how many were cut so far. */
  open: () => number;
  cut: () => number;
  end: () => void;
}

/** Resolves when all of them have been accepted once, or refused. */
export async function trickle(
  port: number,
  { host, count, everyMs = 500 }: { host: string; count: number; everyMs?: number },
): Promise<Trickle> {
  const sockets = new Set<Socket>();
  let cut = 0;
  let ended = false;
  const start = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `);
        resolve();
      });
      sockets.add(socket);
      socket.on("error", () => undefined).resume();
      socket.on("close", () => {
        sockets.delete(socket);
        resolve();
        if (ended) return;
        cut++;
        setTimeout(() => ended || void start(), everyMs);
      });
    });
  const timer = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write("x");
  }, everyMs);
  await Promise.all(Array.from({ length: count }, start));
  return {
    open: () => sockets.size,
    cut: () => cut,
    end: () => {
      ended = true;
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}
