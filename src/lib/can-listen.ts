// Is a TCP port free on this machine?
import { createServer } from "node:net";

/**
 * Tries to listen on the port of all addresses, which fails when anybody listens on it on any of them (Linux: a wildcard
 * and a specific address exclude each other). The port is free again when this returns.
 */
export async function canListen(port: number): Promise<boolean> {
  const answer = await tryListen(port, "::");
  return answer === "no-ipv6" ? (await tryListen(port, "0.0.0.0")) === "free" : answer === "free";
}

function tryListen(port: number, host: string): Promise<"free" | "taken" | "no-ipv6"> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL" ? "no-ipv6" : "taken"),
    );
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve("free")));
  });
}
