// Promises 3 and 16: deploys and rollbacks lose no request, a broken release does no harm, and a killed daemon leaves no deploy behind.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import type { AppConfig } from "../../src/domain/app.ts";
import { DEFAULT_HEALTH } from "../../src/domain/health.ts";
import { type Deployer, startDeployer } from "../helpers/deployer.ts";
import { type Load, startLoad } from "../helpers/load.ts";
import { ask } from "../helpers/request.ts";
import { pause, until } from "../helpers/until.ts";

const server = (version: string, more = ""): Record<string, string> => ({
  "server.js": `${more}
require("node:http").createServer((_, answer) => answer.end("${version}")).listen(process.env.PORT, process.env.HOST);
`,
});
const CRASH = server("x", "\n\nthrow new Error('broken on purpose');");
const HANG = { "server.js": "setInterval(() => {}, 1000);" };
const CONFIG: Partial<AppConfig> = {
  run: `${process.execPath} server.js`,
  port: "auto",
  health: { ...DEFAULT_HEALTH, check: null, startPeriodMs: 2_000, intervalMs: 1_000 },
};

async function startWeb(config: Partial<AppConfig> = {}): Promise<Deployer> {
  const deployer = await startDeployer();
  await deployer.create("web", { ...CONFIG, ...config });
  const first = await deployer.over(await deployer.deploy("web", server("v1")));
  expect(first, JSON.stringify(first)).toMatchObject({ state: "done", release: 1 });
  await until("the edge", async () => (await version(deployer)) === "v1");
  return deployer;
}

const version = async (deployer: Deployer, app = "web"): Promise<string> =>
  (await ask(deployer.at(app))).text;
const load = (deployer: Deployer): Load[] =>
  [true, false].map((keepAlive) => startLoad(deployer.at("web"), { perSecond: 60, keepAlive }));
/** No request failed, and versions came in this order; one that served for a moment only may have gone unseen. */
async function expectInOrder(loads: Load[], order: string[]): Promise<void> {
  for (const one of loads) {
    const { failures, answers } = await one.end();
    expect(failures).toEqual([]);
    const all = answers.toSorted((a, b) => a.sentAt - b.sentAt);
    const ended: { at: number; place: number }[] = [];
    for (const { text, sentAt, endedAt } of all) {
      // Requests under way at the same time may overtake each other.
      const reached = Math.max(0, ...ended.filter(({ at }) => at <= sentAt).map(({ place }) => place));
      const place = order.indexOf(text, reached);
      expect(place, `${text} was answered after ${order[reached]}`).toBeGreaterThanOrEqual(reached);
      ended.push({ at: endedAt, place });
    }
  }
}

test("no request fails in fifty deploys and rollbacks, and nobody else's WebSocket is cut", async () => {
  const deployer = await startWeb();
  await deployer.create("echo", CONFIG);
  const ws = JSON.stringify(join(import.meta.dirname, "../../node_modules/ws"));
  const echo = {
    "server.js": `new (require(${ws}).WebSocketServer)({ port: process.env.PORT, host: "127.0.0.1" }).on("connection", (s) => s.on("message", (m) => s.send(m)));`,
  };
  expect(await deployer.over(await deployer.deploy("echo", echo))).toMatchObject({ state: "done" });
  const { port, headers } = deployer.at("echo");
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: headers ?? {} });
  await new Promise((resolve) => socket.once("open", resolve));
  let closed = false;
  socket.once("close", () => {
    closed = true;
  });
  const loads = load(deployer);
  for (let round = 2; round <= 51; round++) {
    const back = round % 5 === 0;
    const id = back
      ? await deployer.rollback("web", null)
      : await deployer.deploy("web", server(`v${round}`));
    const over = await deployer.over(id);
    expect(over, JSON.stringify(over)).toMatchObject({ state: "done" });
    expect(await version(deployer)).toBe(back ? `v${round - 2}` : `v${round}`);
  }
  for (const one of loads) {
    const { failures, answers } = await one.end();
    expect(failures).toEqual([]);
    const changes = answers.filter(({ text }, index) => text !== answers[index - 1]?.text);
    expect(changes.length).toBeGreaterThan(40);
  }
  expect(closed).toBe(false);
  socket.terminate();
  const kept = await deployer.releases("web");
  expect(kept.length).toBeLessThanOrEqual(11);
  const work = readdirSync(join(deployer.home, "apps/web/releases/work"));
  expect(work.length).toBeLessThanOrEqual(14);
}, 240_000);

test("no request fails while a broken release is tried, and it is said where it broke", async () => {
  const deployer = await startWeb();
  const loads = load(deployer);
  const crashed = await deployer.over(await deployer.deploy("web", CRASH));
  expect(crashed).toMatchObject({
    state: "failed",
    reason: expect.stringMatching(/broken on purpose.*server\.js:3/),
  });
  expect(crashed.diagnostics).toMatchObject([{ file: "server.js", line: 3 }]);
  const hung = await deployer.over(await deployer.deploy("web", HANG));
  expect(hung).toMatchObject({ state: "failed", reason: expect.stringMatching(/did not open port/) });
  await expectInOrder(loads, ["v1"]);
  expect((await deployer.releases("web")).map(({ state }) => state)).toEqual(["failed", "failed", "serving"]);
});

test("a stop-first app holds its requests over deploys, good and broken ones", async () => {
  const deployer = await startWeb({ strategy: "stop-first" });
  const loads = load(deployer);
  for (const number of [2, 3, 4])
    expect(await deployer.over(await deployer.deploy("web", server(`v${number}`)))).toMatchObject({
      state: "done",
    });
  expect(await deployer.over(await deployer.deploy("web", CRASH))).toMatchObject({ state: "failed" });
  await until("the way back", async () => (await version(deployer)) === "v4");
  expect(await deployer.over(await deployer.rollback("web", 2))).toMatchObject({ state: "done" });
  await expectInOrder(loads, ["v1", "v2", "v3", "v4", "v2"]);
});

test.for(["auto", "stop-first"] as const)(
  "who takes over from a server must serve, too, also where no port is asked for (%s)",
  async (strategy) => {
    const deployer = await startWeb({ port: null, strategy });
    const loads = load(deployer);
    expect(await deployer.over(await deployer.deploy("web", HANG))).toMatchObject({
      state: "failed",
      reason: expect.stringMatching(/did not open (a )?port .*within 2 s, as the instance before it had/),
    });
    const mute = { "server.js": `require("node:http"); ${HANG["server.js"]}` };
    expect(await deployer.over(await deployer.deploy("web", mute))).toMatchObject({ state: "failed" });
    await until("the way back", async () => (await version(deployer)) === "v1");
    const slow = { "server.js": `setTimeout(() => {${server("v3")["server.js"]}}, 1000);` };
    const id = await deployer.deploy("web", slow);
    expect(await deployer.over(id)).toMatchObject({ state: "done" });
    expect(await version(deployer)).toBe("v3");
    await expectInOrder(loads, ["v1", "v3"]);
  },
);

test("an app that listens on a port of its own choice gets new releases, and a way back from broken ones", async () => {
  const deployer = await startDeployer();
  const fixed = (name: string) => ({
    "server.js": `require("node:http").createServer((_, answer) => answer.end("${name}")).listen(${deployer.ownPort}, process.env.HOST);`,
  });
  await deployer.create("web", { ...CONFIG, port: null });
  await deployer.over(await deployer.deploy("web", fixed("v1")));
  await until("the edge", async () => (await version(deployer)) === "v1");
  const loads = load(deployer);
  expect(await deployer.over(await deployer.deploy("web", fixed("v2")))).toMatchObject({ state: "done" });
  expect(await deployer.over(await deployer.deploy("web", CRASH))).toMatchObject({ state: "failed" });
  await until("the way back", async () => (await version(deployer)) === "v2");
  for (const name of ["v3", "v4"])
    expect(await deployer.over(await deployer.deploy("web", server(name)))).toMatchObject({ state: "done" });
  expect(await version(deployer)).toBe("v4");
  await expectInOrder(loads, ["v1", "v2", "v3", "v4"]);
});

test("a static site changes from one answer to the next", async () => {
  const deployer = await startDeployer();
  await deployer.create("web");
  const page = (text: string) => ({ "index.html": text });
  await deployer.over(await deployer.deploy("web", page("v1")));
  await until("the site", async () => (await version(deployer)) === "v1");
  const loads = load(deployer);
  for (const number of [2, 3, 4]) {
    expect(await deployer.over(await deployer.deploy("web", page(`v${number}`)))).toMatchObject({
      state: "done",
    });
    expect(await version(deployer)).toBe(`v${number}`);
  }
  expect(await deployer.over(await deployer.rollback("web", 1))).toMatchObject({ state: "done" });
  await expectInOrder(loads, ["v1", "v2", "v3", "v4", "v1"]);
});

test.for(["fetch", "validate", "build", "start", "health", "switch", "drain"] as const)(
  "a daemon that is killed in %s: the deploy comes to its end, and no request fails",
  async (stage) => {
    const deployer = await startWeb();
    const loads = load(deployer);
    for (let round = 2; round < 4; round++) {
      const id = await deployer.deploy("web", server(`v${round}`));
      await deployer.inStage(id, stage);
      await deployer.kill();
      const over = await deployer.over(id);
      expect(over, JSON.stringify(over)).toMatchObject({ state: "done" });
      expect(await version(deployer)).toBe(`v${round}`);
    }
    await expectInOrder(loads, ["v1", "v2", "v3"]);
    const { instances } = await until("the end of the old one", async () => {
      const app = await deployer.app("web");
      return app.instances.filter(({ state }) => state !== "ended").length === 1 && app;
    });
    expect(instances[0]?.release).toBe(3);
  },
);

test.for(["start-first", "stop-first"] as const)(
  "a %s app: daemons killed at random moments, every deploy comes to its end and nobody is left over",
  { timeout: 240_000 },
  async (strategy) => {
    const deployer = await startWeb({ strategy });
    const loads = load(deployer);
    for (let round = 2; round < 14; round++) {
      const id = await deployer.deploy("web", server(`v${round}`));
      await pause(Math.random() * 300);
      await deployer.kill();
      const over = await deployer.over(id);
      expect(over, JSON.stringify(over)).toMatchObject({ state: "done" });
    }
    expect(await version(deployer)).toBe("v13");
    const versions = Array.from({ length: 13 }, (_, index) => `v${index + 1}`);
    await expectInOrder(loads, versions);
  },
);

test.for(["fetch", "build", "start", "health"] as const)(
  "a deploy that is cancelled in %s leaves the old release serving",
  async (stage) => {
    const deployer = await startWeb();
    const loads = load(deployer);
    const id = await deployer.deploy("web", HANG);
    await deployer.inStage(id, stage);
    await deployer.ask("cancel", id);
    expect(await deployer.over(id)).toMatchObject({ state: "cancelled" });
    await until("one instance", async () => {
      const { instances } = await deployer.app("web");
      return instances.filter(({ state }) => state !== "ended").length === 1;
    });
    await expectInOrder(loads, ["v1"]);
    await expect(deployer.ask("cancel", id)).rejects.toMatchObject({ code: "deployment-over" });
  },
);

test.for(["fetch", "build", "start", "health"] as const)(
  "a deploy that another one overtakes in %s is superseded, and the newer serves",
  async (stage) => {
    const deployer = await startWeb();
    const loads = load(deployer);
    const first = await deployer.deploy("web", HANG);
    await deployer.inStage(first, stage);
    const second = await deployer.deploy("web", server("v3"));
    expect(await deployer.over(second)).toMatchObject({ state: "done" });
    expect(await deployer.over(first)).toMatchObject({ state: "superseded" });
    await expectInOrder(loads, ["v1", "v3"]);
  },
);

test("an app keeps its code and its data when it is renamed, deleted and brought back", async () => {
  const deployer = await startWeb();
  const data = join(deployer.home, "apps/web/data");
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, "notes.txt"), "mine");
  await deployer.over(await deployer.deploy("web", server("v2")));
  const backups = readdirSync(join(deployer.home, "backups/web"));
  expect(backups).toEqual([expect.stringMatching(/-before-release-2$/)]);
  expect(readFileSync(join(deployer.home, "backups/web", backups[0] ?? "", "notes.txt"), "utf8")).toBe(
    "mine",
  );
  await deployer.ask("stop", "web");
  await deployer.ask("rename", "web", "site");
  await deployer.ask("start", "site");
  await until("v2 again", async () => (await version(deployer, "site")) === "v2");
  // Nothing had to be built for that.
  expect(await deployer.releases("site")).toHaveLength(2);
  expect(await deployer.over(await deployer.rollback("site", 1))).toMatchObject({ state: "done" });
  expect(await version(deployer, "site")).toBe("v1");
  const { id } = await deployer.app("site");
  await deployer.ask("remove", "site", false);
  expect(existsSync(join(deployer.home, "apps/site"))).toBe(false);
  await deployer.kill();
  await deployer.ask("undelete", id);
  await deployer.ask("start", "site");
  await until("v1 again", async () => (await version(deployer, "site")) === "v1");
  expect(readFileSync(join(deployer.home, "apps/site/data/notes.txt"), "utf8")).toBe("mine");
  await deployer.ask("remove", "site", true);
  expect(readdirSync(join(deployer.home, "apps")).filter((name) => !name.startsWith("gantry"))).toEqual([]);
});

test("a rollback brings back what was lost of an older release", async () => {
  const deployer = await startWeb();
  await deployer.over(await deployer.deploy("web", server("v2")));
  const [, first] = await deployer.releases("web");
  const copy = join(deployer.home, "apps/web/releases/work", first?.tree?.slice(0, 16) ?? "");
  const { rm } = await import("node:fs/promises");
  await pause(100);
  await rm(copy, { recursive: true });
  const over = await deployer.over(await deployer.rollback("web", 1));
  expect(over).toMatchObject({ state: "done" });
  expect(over.stages.map(({ stage }) => stage)).toContain("build");
  expect(await version(deployer)).toBe("v1");
});
