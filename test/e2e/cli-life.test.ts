// The command line on a real daemon: up, ls, a killed daemon, down.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AppView } from "../../src/domain/app-view.ts";
import { inState } from "../helpers/apps.ts";
import { killDaemon, stopDaemon } from "../helpers/daemon.ts";
import { signal } from "../helpers/processes.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

const HTTP = { run: "python3 -m http.server $PORT --bind $HOST" };

async function withTwoApps() {
  const gantry = await startGantry();
  for (const name of ["files", "site"]) mkdirSync(join(gantry.folder, name));
  writeFileSync(join(gantry.folder, "site", "index.html"), "<h1>site</h1>");
  writeFileSync(join(gantry.folder, "files", "a.txt"), "text of a\n");
  await gantry.up({ files: { path: "./files", ...HTTP }, site: { path: "./site" } });
  return gantry;
}

test("up starts daemon and apps, ls tells the truth, a killed daemon is back with the same apps, down leaves nothing", async () => {
  const gantry = await withTwoApps();
  const list = (await gantry.cli(["ls", "--json"])).json<{ apps: AppView[] }>().apps;
  expect(list.map(({ name, state }) => [name, state])).toEqual([
    ["files", "running"],
    ["site", "running"],
  ]);
  expect(list[0]).toMatchObject({
    source: { type: "folder" },
    instances: [{ state: "running" }],
    replicas: { min: 1 },
  });
  expect((await ask(gantry.at("files", "/a.txt"))).text).toBe("text of a\n");
  expect((await ask(gantry.at("site"))).text).toContain("<h1>site</h1>");

  const before = await gantry.app("files");
  const { before: killed, after } = await killDaemon(gantry);
  expect(after).not.toBe(killed);
  expect((await inState(gantry, "files", "running")).pid).toBe(before.pid);
  expect((await gantry.cli(["down", "--all"])).stdout).toBe("Stopped 2 apps and the daemon.\n");
  await until("nothing to be left", () => gantry.processes().length === 0);
});

test("the keeper is replaced when it is killed, and the new one keeps the daemon", async () => {
  const gantry = await withTwoApps();
  const keeperOf = (daemon: number) => gantry.processes().find(({ pid }) => pid === daemon)?.parent;
  const keepers = () => gantry.processes().filter(({ command }) => command.includes("while kill -0"));
  const first = keeperOf(await gantry.daemonPid());
  expect(keepers().map(({ pid }) => pid)).toEqual([first]);
  signal(first!, "SIGKILL");
  await until("another keeper", () => keepers().some(({ pid }) => pid !== first));
  await killDaemon(gantry);
  expect((await gantry.cli(["ls"])).code).toBe(0);
});

test("a keeper that is killed while the daemon is on its way up is replaced all the same", async () => {
  const gantry = await withTwoApps();
  const keepers = () => gantry.processes().filter(({ command }) => command.includes("while kill -0"));
  const daemon = await gantry.daemonPid();
  const [keeper] = keepers();
  signal(daemon, "SIGKILL");
  await until("the next daemon's process", () =>
    gantry
      .processes()
      .some(
        ({ pid, parent, command }) =>
          parent === keeper?.pid &&
          pid !== daemon &&
          command.includes("--kept") &&
          !command.includes("while"),
      ),
  );
  signal(keeper?.pid ?? 0, "SIGKILL");
  await until("another keeper", () => keepers().some(({ pid }) => pid !== keeper?.pid));
});

test("down stops the apps of this folder only; down --all finds apps although no daemon runs", async () => {
  const gantry = await withTwoApps();
  const other = join(gantry.folder, "files");
  const down = await gantry.cli(["down", "--json"], { cwd: other });
  expect(down.json<{ apps: AppView[] }>().apps.map(({ name, state }) => [name, state])).toEqual([
    ["files", "stopped"],
  ]);
  expect((await gantry.app("site")).state).toBe("running");
  expect((await gantry.cli(["start", "files"])).code).toBe(0);

  await stopDaemon(gantry);
  expect((await gantry.cli(["ls"])).code).toBe(5);
  expect((await gantry.cli(["down", "--all"])).code).toBe(0);
  await until("nothing to be left", () => gantry.processes().length === 0);
  expect((await gantry.cli(["down", "--all", "--json"])).code).toBe(0);
});

test("start, stop and restart wait until it is so; status, ports, health, export, update and unregister work", async () => {
  const gantry = await withTwoApps();
  const run = async (...args: string[]) => {
    const result = await gantry.cli(args);
    expect(result.code, `${args.join(" ")}: ${result.stdout}${result.stderr}`).toBe(0);
    return result;
  };
  const first = await gantry.app("files");
  await run("restart", "files");
  const second = await gantry.app("files");
  expect([second.state, second.pid === first.pid]).toEqual(["running", false]);

  const status = (await run("status", "files")).stdout;
  for (const fact of [
    "running",
    String(second.pid),
    String(second.port),
    "http.server",
    `${gantry.folder}/files`,
  ])
    expect(status).toContain(fact);
  expect((await run("ports", "files", "--json")).json<{ ports: { port: number }[] }>().ports[0]?.port).toBe(
    second.port,
  );
  expect((await run("health", "files", "--json")).json()).toMatchObject({ healthy: true });
  expect((await run("export", "files")).stdout).toContain("python3 -m http.server $PORT");
  expect((await run("update", "site", "--dry-run", "--json")).json()).toMatchObject({ changes: [] });
  expect((await run("open", "site")).stdout).toMatch(/^http:\/\/site\.localhost:\d+\/?\n$/);
  expect((await run("open")).stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/login\?token=\S+\n$/);
  expect((await run("config", "files")).stdout).toContain("restart.delay = 200ms");

  await run("stop", "files");
  expect((await gantry.app("files")).state).toBe("stopped");
  await run("unregister", "files");
  expect((await gantry.cli(["status", "files"])).code).toBe(3);
});

test("logs of an app that was never built show why, and what its build printed", async () => {
  const gantry = await startGantry();
  mkdirSync(join(gantry.folder, "broken"));
  writeFileSync(
    join(gantry.folder, "broken", "package.json"),
    '{"scripts": {"start": "node x.js", "build": "echo looking for it; exit 3", "poststart": ""}, "dependencies": {}}',
  );
  writeFileSync(join(gantry.folder, "broken", "gantry.yaml"), "run: node dist/x.js");
  const up = await gantry.cli(["up", "broken"]);
  expect([up.code, up.stdout]).toEqual([1, expect.stringContaining("broken has failed: the build script")]);
  const logs = await gantry.cli(["logs", "broken"]);
  expect([logs.code, logs.stdout]).toEqual([0, expect.stringContaining("looking for it")]);
  expect(logs.stderr).toContain("broken has printed nothing: the build script failed");
  expect((await gantry.cli(["logs", "broken", "--json"])).stdout).toBe("");
});

test("a stop that is overtaken by a start says so instead of waiting for ever", async () => {
  const gantry = await startGantry();
  mkdirSync(join(gantry.folder, "slow"));
  const run = "sh -c 'trap \"sleep 1; exit\" TERM; while :; do sleep 0.1; done'";
  await gantry.up({ slow: { path: "./slow", run, port: "none" } });
  const stop = gantry.cli(["stop", "slow"]);
  await inState(gantry, "slow", "stopping");
  const start = await gantry.cli(["start", "slow"]);
  expect(start.code).toBe(0);
  const { code, stderr } = await stop;
  expect([code, stderr]).toEqual([1, expect.stringContaining("slow was started again meanwhile")]);
});
