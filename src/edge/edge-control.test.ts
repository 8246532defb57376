// The daemon's hold on real edge processes: tables, drains, reports, and what a kill -9 of either side leaves behind.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EdgeControl, TrafficReport } from "../domain/route.ts";
import {
  atEnd,
  CLOSE,
  endAll,
  eventually,
  exchange,
  get,
  listen,
  RawClient,
  rawApp,
  table,
  target,
} from "./builtin/edge-test-kit.ts";
import { createEdgeControl } from "./edge-control.ts";

const MAIN = join(import.meta.dirname, "builtin/main.ts");
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = get("/", "notes.localhost", CLOSE);

let top = "";
let dir = "";
let port = 0;
const warnings: string[] = [];

beforeEach(async () => {
  top = mkdtempSync(join(tmpdir(), "gantry-edge-"));
  dir = top;
  const probe = createServer();
  port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
});

afterEach(async () => {
  await endAll();
  rmSync(top, { recursive: true, force: true });
  warnings.splice(0);
});

interface Edge {
  process: ChildProcess;
  output(): string;
}

function spawnEdge(): Edge {
  let text = "";
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, GANTRY_EDGE_DIR: dir, GANTRY_EDGE_LISTEN: `127.0.0.1:${port}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout?.on("data", (bytes) => {
    text += bytes;
  });
  atEnd(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  return { process: child, output: () => text };
}

async function startEdge(): Promise<Edge> {
  const edge = spawnEdge();
  await eventually(() => edge.output().includes("the edge serves"), "the edge's start");
  return edge;
}

function control(): EdgeControl {
  const made = createEdgeControl({ dir, log: { warn: (message) => void warnings.push(message) } });
  atEnd(() => made.close());
  return made;
}

const okApp = (body = "ok"): Promise<number> =>
  rawApp((_seen, socket) => void socket.write(OK.replace("ok", body)));

const connected = (edges: EdgeControl) =>
  eventually(() => edges.status().connected, "the connection to the edge");

describe("the control of the edge", () => {
  it("stores the table where only its owner reads it, and needs no edge for that", async () => {
    const edges = control();
    const routes = table(target("notes", 1));
    await edges.publish(routes);
    expect(JSON.parse(readFileSync(join(dir, "routes.json"), "utf8"))).toEqual(routes);
    expect(statSync(join(dir, "routes.json")).mode & 0o777).toBe(0o600);
    expect(edges.status()).toEqual({ connected: false, version: null, connections: 0 });
  });

  it("resolves when the running edge uses the table", async () => {
    await startEdge();
    const edges = control();
    await connected(edges);
    const apps = [await okApp("v0"), await okApp("v1")];
    for (let change = 0; change < 20; change++) {
      const routes = table(target("notes", apps[change % 2] ?? 0));
      await edges.publish(routes);
      expect(await exchange(port, GET)).toMatch(new RegExp(`v${change % 2}$`));
      expect(edges.status().version).toBe(routes.version);
    }
    await Promise.all(Array.from({ length: 50 }, () => edges.publish(table(target("notes", apps[0] ?? 0)))));
    expect(JSON.parse(readFileSync(join(dir, "routes.json"), "utf8")).version).toBe(edges.status().version);
  });

  it("gives an edge that starts later the table in force", async () => {
    const edges = control();
    await edges.publish(table(target("notes", await okApp())));
    rmSync(join(dir, "routes.json"));
    await startEdge();
    await connected(edges);
    await eventually(() => edges.status().version !== null, "the confirmed table");
    expect(await exchange(port, GET)).toMatch(/ok$/);
  });

  it("is not needed by the edge, also not by one that was killed and starts again", async () => {
    const edge = await startEdge();
    const edges = control();
    await connected(edges);
    await edges.publish(table(target("notes", await okApp())));
    edges.close();
    expect(await exchange(port, GET)).toMatch(/ok$/);
    edge.process.kill("SIGKILL");
    await once(edge.process, "exit");
    await startEdge();
    expect(await exchange(port, GET)).toMatch(/ok$/);
    const next = control();
    await connected(next);
    await eventually(
      () => readdirSync(dir).filter((name) => name.endsWith(".sock")).length === 1,
      "the old socket's end",
    );
    expect(next.status().version).not.toBeNull();
  });

  it("hands tables to two edges while one follows the other, and none of their requests fails", async () => {
    const old = await startEdge();
    const edges = control();
    await connected(edges);
    let release: () => void = () => undefined;
    const slow = await rawApp((_seen, socket) => {
      release = () => void socket.write(OK);
    });
    await edges.publish(table(target("notes", slow)));
    const held = new RawClient(port).send(GET);
    await eventually(() => release.length === 0 && edges.status().connected, "a request in flight");
    await startEdge();
    await eventually(
      () => readdirSync(dir).filter((name) => name.endsWith(".sock")).length === 2,
      "two edges",
    );
    await edges.publish(table(target("notes", await okApp("v2"))));
    old.process.kill("SIGTERM");
    let drained = false;
    const draining = edges.drain(`notes-${slow}`, 5_000).then(() => {
      drained = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(drained).toBe(false);
    release();
    await draining;
    expect(await held.all()).toMatch(/ok$/);
    expect((await once(old.process, "exit"))[0]).toBe(0);
    for (let count = 0; count < 10; count++) expect(await exchange(port, GET)).toMatch(/v2$/);
    expect(edges.status().connected).toBe(true);
  });

  it("works in a folder whose path is too long for a socket", async () => {
    dir = join(dir, "x".repeat(120));
    const edges = control();
    const edge = await startEdge();
    await connected(edges);
    await edges.publish(table(target("notes", await okApp())));
    expect(await exchange(port, GET)).toMatch(/ok$/);
    edge.process.kill("SIGKILL");
    await once(edge.process, "exit");
    await startEdge();
    await connected(edges);
    expect(await exchange(port, GET)).toMatch(/ok$/);
  });

  it("drains no longer than it may, and at once what nobody uses", async () => {
    await startEdge();
    const edges = control();
    await connected(edges);
    const silent = await rawApp(() => undefined);
    await edges.publish(table(target("notes", silent)));
    new RawClient(port).send(GET);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const begun = performance.now();
    await edges.drain("other", 60_000);
    await edges.drain(`notes-${silent}`, 300);
    expect(performance.now() - begun).toBeGreaterThan(290);
  });

  it("hears of traffic, by app, and of ports that can't be listened on", async () => {
    await startEdge();
    const edges = control();
    await connected(edges);
    const reports: TrafficReport[] = [];
    edges.onTraffic((some) => reports.push(...some));
    const routes = table(
      target("notes", await okApp()),
      target("sick", [], { action: "unavailable", state: "failed", reason: "x" }),
    );
    routes.forwards = [{ port: await listen(createServer()), app: "notes", mode: "http" }];
    await edges.publish(routes);
    expect(warnings).toEqual([expect.stringContaining("can't be listened on")]);
    for (let count = 0; count < 3; count++) await exchange(port, GET);
    await exchange(port, get("/", "sick.localhost", CLOSE));
    await new Promise((resolve) => setTimeout(resolve, 5_200));
    expect(reports.find(({ app }) => app === "notes")).toMatchObject({
      requests: 3,
      errors: 0,
      clientErrors: 0,
    });
    expect(reports.find(({ app }) => app === "sick")).toMatchObject({ requests: 1, errors: 1 });
    expect(reports[0]?.latencyBuckets.reduce((sum, count) => sum + count, 0)).toBe(3);
  });
});

describe("an edge process", () => {
  it("starts with broken stored routes, serves 404, and takes the daemon's", async () => {
    for (const text of [
      "",
      "{",
      '{"version":1}',
      '{"version":1,"hosts":{},"targets":{"a":1},"forwards":[]}',
      "null",
    ]) {
      writeFileSync(join(dir, "routes.json"), text);
      const edge = await startEdge();
      expect(await exchange(port, GET)).toMatch(/^HTTP\/1\.1 404 /);
      edge.process.kill("SIGTERM");
      await once(edge.process, "exit");
    }
  });

  it("does not share its port with a stranger, and says so", async () => {
    const stranger = await listen(createServer(), port);
    expect(stranger).toBe(port);
    const edge = spawnEdge();
    expect((await once(edge.process, "exit"))[0]).toBe(1);
    expect(edge.output()).toContain("in use by another program");
  });

  it("drops a control connection that makes no sense and goes on", async () => {
    await startEdge();
    const edges = control();
    await connected(edges);
    await edges.publish(table(target("notes", await okApp())));
    const [name] = readdirSync(dir).filter((each) => each.endsWith(".sock"));
    const { connect } = await import("node:net");
    for (const text of [
      "nonsense\n",
      '{"type":"routes","table":{"version":1}}\n',
      "null\n",
      '{"type":"other"}\n',
    ]) {
      const socket = connect(join(dir, name ?? ""));
      socket.on("error", () => undefined);
      socket.end(text);
      await once(socket.resume(), "close");
    }
    expect(await exchange(port, GET)).toMatch(/ok$/);
  });
});
