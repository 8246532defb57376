// Opens the addresses of the edge, next to an older edge of the same home but never next to a stranger.
import { readdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import { addressText } from "../../lib/address-text.ts";
import { shortSocketPath } from "../control-path.ts";
import { controlSocketPid } from "../protocol.ts";
import type { EdgeLog } from "./edge-parts.ts";
import type { EdgeServer, ListenAddress } from "./edge-server.ts";

/** `127.0.0.1:7080,[::1]:7080`; throws where a part is no address and port. */
export function parseListen(text: string): ListenAddress[] {
  return text.split(",").map((part) => {
    const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^[\]:]+)):(\d{1,5})$/.exec(part.trim());
    const port = Number(match?.[3]);
    if (match === null || port > 65_535) throw new Error(`${part} is no address and port`);
    return { host: match[1] ?? match[2] ?? "", port };
  });
}

/**
 * Listens on all addresses; one is enough (a machine may have no IPv6). Sharing a port is only right with an edge of the
 * same folder that is about to stop: anybody else on the port is an error. Returns `host:port` of each.
 */
export async function listenAll(
  edge: EdgeServer,
  dir: string,
  text: string,
  log: EdgeLog,
): Promise<string[]> {
  const shares = process.platform === "linux";
  const addresses: string[] = [];
  let failure: Error | null = null;
  for (const address of parseListen(text)) {
    try {
      if (shares && !(await isFree(address)) && !(await hasLivingEdge(dir)))
        throw new Error(`${addressText(address.host, address.port)} is in use by another program`);
      const port = await edge.listen(address, shares);
      addresses.push(addressText(address.host, port));
    } catch (error) {
      failure = error as Error;
      log("an address can't be listened on", { ...address, error: failure.message });
      if (!MISSING.has((error as NodeJS.ErrnoException).code)) throw failure;
    }
  }
  if (addresses.length === 0 && failure !== null) throw failure;
  return addresses;
}

/** The machine does not have such an address. */
const MISSING: Set<string | undefined> = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/** Can the address be had without sharing it? */
function isFree({ host, port }: ListenAddress): Promise<boolean> {
  if (port === 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "EADDRINUSE"));
    probe.listen({ host, port, ipv6Only: host.includes(":") }, () => probe.close(() => resolve(true)));
  });
}

async function hasLivingEdge(dir: string): Promise<boolean> {
  for (const name of readdirSync(dir))
    if (controlSocketPid(name) !== null && (await answers(dir, name))) return true;
  return false;
}

function answers(dir: string, name: string): Promise<boolean> {
  const { path, release } = shortSocketPath(dir, name);
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (answered: boolean): void => {
      release();
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}
