// The table of listening sockets, compared with sockets of this very process.
import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { holderOf, type Listener, listenersFor, listListeners, socketInodes } from "./sockets.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(host: string): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const find = async (port: number): Promise<Listener | undefined> => {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return listListeners().find((one) => one.port === port);
};

describe.runIf(process.platform === "linux")("listening sockets", () => {
  it.each([
    ["127.0.0.1", "IPv4"],
    ["127.1.2.3", "IPv4"],
    ["0.0.0.0", "IPv4"],
    ["::1", "IPv6"],
    ["::", "IPv6"],
    ["::ffff:127.0.0.1", "IPv6"],
  ])("shows %s as Node writes it, with its holder", async (host, family) => {
    const listener = await find(await listen(host));
    expect(listener).toMatchObject({ address: host, family, uid: process.getuid?.() });
    if (listener === undefined) return;
    expect(socketInodes(process.pid)?.has(listener.inode)).toBe(true);
    expect(holderOf(listener)).toMatchObject({ pid: process.pid, command: expect.stringContaining("node") });
  });

  it("no longer shows a closed one, and knows no holder of it", async () => {
    const port = await listen("127.0.0.1");
    const listener = await find(port);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await find(port)).toBeUndefined();
    expect(listener && holderOf(listener)).toBeNull();
  });
});

describe("which listener gets the connection", () => {
  const at = (address: string, inode: number, port = 80): Listener => ({
    address,
    port,
    inode,
    family: address.includes(":") ? "IPv6" : "IPv4",
    uid: 0,
  });
  const cases: [string, string, Listener[], number[]][] = [
    ["exact before wildcards", "127.0.0.1", [at("0.0.0.0", 1), at("127.0.0.1", 2), at("::", 3)], [2]],
    ["IPv4 wildcard before dual stack", "127.0.0.1", [at("::", 1), at("0.0.0.0", 2)], [2]],
    ["dual stack", "127.0.0.1", [at("::", 1)], [1]],
    ["mapped address", "127.0.0.1", [at("::ffff:127.0.0.1", 1), at("::", 2)], [1]],
    ["the other family is not reached", "127.0.0.1", [at("::1", 1)], []],
    ["another address is not reached", "127.0.0.1", [at("127.0.0.2", 1)], []],
    ["another port is not reached", "127.0.0.1", [at("127.0.0.1", 1, 81)], []],
    ["IPv6 does not reach IPv4 wildcards", "::1", [at("0.0.0.0", 1), at("127.0.0.1", 2)], []],
    ["IPv6 wildcard", "::1", [at("::", 1)], [1]],
    ["all that share an address", "127.0.0.1", [at("127.0.0.1", 1), at("127.0.0.1", 2)], [1, 2]],
  ];
  it.each(cases)("%s", (_, host, listeners, expected) => {
    expect(listenersFor(listeners, host, 80).map((one) => one.inode)).toEqual(expected);
  });
});
