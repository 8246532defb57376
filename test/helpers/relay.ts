// A TCP relay to a local port that can break connections at a chosen word.
import { connect, createServer, type Socket } from "node:net";

export interface Relay {
  port: number;
  /** When a client sends this word it still arrives, but no answer comes back: all connections break and none is let in. */
  cutAfter(word: string): void;
  mend(): void;
  stop(): Promise<void>;
}

export async function startRelay(target: number): Promise<Relay> {
  const clients = new Set<Socket>();
  let word: string | null = null;
  let broken = false;
  const server = createServer((client) => {
    if (broken) return client.destroy();
    const upstream = connect(target, "127.0.0.1");
    clients.add(client);
    client.on("data", (bytes) => {
      upstream.write(bytes);
      if (word === null || !bytes.includes(word)) return;
      broken = true;
      // Late enough for the other side to read it all; it answers into the void.
      upstream.end();
      for (const other of clients) other.destroy();
    });
    upstream.on("data", (bytes) => client.writable && client.write(bytes));
    upstream.on("close", () => client.destroy());
    client.on("close", () => {
      clients.delete(client);
      upstream.end();
    });
    for (const socket of [client, upstream]) socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    cutAfter(text) {
      word = text;
    },
    mend() {
      word = null;
      broken = false;
    },
    stop() {
      for (const client of clients) client.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
