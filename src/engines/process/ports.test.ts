// Whose port it is, with real sockets: own trees, thieves on either family, wildcards, shared ports.
import { createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Bench,
  freePort,
  listenCommand,
  makeBench,
  type Tier,
} from "../../../test/helpers/process-bench.ts";
import type { Handle } from "../../domain/instance.ts";

describe.runIf(process.platform === "linux").each<Tier>(["best", "mark"])("owner of a port (%s)", (tier) => {
  let bench: Bench;
  let port: number;
  let handle: Handle;
  const thieves: Server[] = [];
  beforeEach(async () => {
    bench = makeBench(tier);
    port = await freePort();
  });
  afterEach(async () => {
    for (const server of thieves.splice(0)) server.close();
    await bench.dispose();
  });

  const listen = async (host: string, app = listenCommand(port, host)) => {
    handle = await bench.engine.start(bench.order("a", app));
    await expect.poll(() => bench.engine.listeningPorts("a", handle), { timeout: 5000 }).toEqual([port]);
  };
  const steal = (host: string) =>
    new Promise<void>((resolve, reject) => {
      const server = createServer().once("error", reject);
      thieves.push(server);
      server.listen({ port, host, ipv6Only: host.includes(":") }, resolve);
    });
  // Answers are shared for some milliseconds.
  const owner = async (host: string) => {
    await new Promise((resolve) => setTimeout(resolve, 25));
    return bench.engine.portOwner("a", handle, host, port);
  };

  it("is none before anybody listens", async () => {
    handle = await bench.engine.start(bench.order("a", ["sleep", "1000"]));
    expect(await owner("127.0.0.1")).toBe("none");
  });

  it.each(["0.0.0.0", "::"])("an own listener on %s counts for 127.0.0.1", async (host) => {
    await listen(host);
    expect(await owner("127.0.0.1")).toBe("own");
    expect(await owner(host)).toBe("own");
  });

  it("a listener of a grandchild in a session of its own is own", async () => {
    const [node = "", ...words] = listenCommand(port);
    await listen("127.0.0.1", ["sh", "-c", '(setsid "$@" &) ; sleep 1000', "sh", node, ...words]);
    expect(await owner("127.0.0.1")).toBe("own");
  });

  it("a thief who came first is a stranger", async () => {
    await steal("127.0.0.1");
    handle = await bench.engine.start(bench.order("a", ["sleep", "1000"]));
    expect(await owner("127.0.0.1")).toBe("stranger");
  });

  it("a thief on ::1 only does not matter for 127.0.0.1, but does for ::1", async () => {
    await listen("127.0.0.1");
    await steal("::1");
    expect(await owner("127.0.0.1")).toBe("own");
    expect(await owner("::1")).toBe("stranger");
  });

  it("a thief on the exact address wins over an own wildcard", async () => {
    // The kernel allows this pair only to sockets of both families; the thief is reached by IPv4 all the same.
    await listen("::", [
      process.execPath,
      "-e",
      `require('net').createServer().listen({port:${port},host:'::',ipv6Only:true})`,
    ]);
    await steal("127.0.0.1");
    expect(await owner("127.0.0.1")).toBe("stranger");
  });

  it("an address shared with another instance of the same home is own, with anybody else it is not", async () => {
    const sharing = [
      process.execPath,
      "-e",
      `require('net').createServer().listen({port:${port},host:'127.0.0.1',reusePort:true})`,
    ];
    await listen("127.0.0.1", sharing);
    const other = await bench.engine.start(bench.order("b", sharing));
    await expect.poll(() => bench.engine.listeningPorts("b", other), { timeout: 5000 }).toEqual([port]);
    expect(await owner("127.0.0.1")).toBe("own");
    expect(bench.engine.portOwner("b", other, "127.0.0.1", port)).toBe("own");
    const thief = createServer();
    thieves.push(thief);
    await new Promise<void>((resolve) => thief.listen({ port, host: "127.0.0.1", reusePort: true }, resolve));
    await new Promise((resolve) => setTimeout(resolve, 25));
    await bench.engine.stop("b", other, { signal: "KILL", timeoutMs: 1_000 });
    await bench.engine.remove("b", other);
    const again = await bench.engine.start(bench.order("b", sharing));
    await expect.poll(() => bench.engine.listeningPorts("b", again), { timeout: 5000 }).toEqual([port]);
    expect(bench.engine.portOwner("b", again, "127.0.0.1", port)).toBe("stranger");
  });

  it("a closed socket proves nothing any more", async () => {
    await listen("127.0.0.1", [
      process.execPath,
      "-e",
      `const s=require('net').createServer().listen(${port},'127.0.0.1');process.on('SIGUSR2',()=>s.close());setInterval(()=>{},1000)`,
    ]);
    expect(await owner("127.0.0.1")).toBe("own");
    const seen = bench.engine.inspect("a", handle);
    if (seen.status !== "running" || seen.pid === null) throw new Error("it does not run");
    process.kill(seen.pid, "SIGUSR2");
    await expect.poll(() => owner("127.0.0.1"), { timeout: 5000 }).toBe("none");
  });

  it("a suspended process is told from a running one", async () => {
    await listen("127.0.0.1");
    expect(bench.engine.isSuspended("a", handle)).toBe(false);
    const seen = bench.engine.inspect("a", handle);
    if (seen.status !== "running" || seen.pid === null) throw new Error("it does not run");
    process.kill(seen.pid, "SIGSTOP");
    await expect.poll(() => bench.engine.isSuspended("a", handle), { timeout: 5000 }).toBe(true);
  });
});
