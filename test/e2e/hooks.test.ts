// Hooks of the whole program: their order, their output, their failures, and what becomes of them when something dies.
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExecutionView } from "../../src/domain/execution-view.ts";
import { inState, nodeApp, processesOfApp } from "../helpers/apps.ts";
import { killDaemon } from "../helpers/daemon.ts";
import { FIXTURES, type Gantry } from "../helpers/gantry.ts";
import { startLoad } from "../helpers/load.ts";
import { allProcesses } from "../helpers/processes.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

const QUIET = { PER_SECOND: "0" };

/** A script for `sh` in the folder of the test, and the command line that runs it. */
function script(gantry: Gantry, name: string, text: string): string {
  writeFileSync(join(gantry.folder, name), text);
  return `sh ${join(gantry.folder, name)}`;
}

/** Writes its name and what it was given into `trace`. */
const tracing = (gantry: Gantry, name: string, more = ""): string =>
  script(
    gantry,
    `${name}.sh`,
    `echo "$GANTRY_HOOK $GANTRY_APP \${PORT:+port} $GREETING" >> ${join(gantry.folder, "trace")}\n${more}`,
  );

const trace = (gantry: Gantry): string[] => {
  const file = join(gantry.folder, "trace");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};

async function runs(gantry: Gantry, ...args: string[]): Promise<ExecutionView[]> {
  const result = await gantry.cli(["runs", ...args, "--json"]);
  expect(result.code, result.stderr).toBe(0);
  return (JSON.parse(result.stdout) as { executions: ExecutionView[] }).executions;
}

const write = (gantry: Gantry, apps: Record<string, object>): void =>
  writeFileSync(join(gantry.folder, "gantry.yaml"), JSON.stringify({ apps }));

test("all of them run in their order, each with the app's environment", async () => {
  const gantry = await startGantry();
  const names = ["pre_deploy", "pre_start", "post_start", "post_deploy", "pre_stop", "post_stop"];
  const hooks = Object.fromEntries(names.map((name) => [name, tracing(gantry, name)]));
  await gantry.up({ web: nodeApp({ hooks, env: { ...QUIET, GREETING: "hello" } }) });
  await until("the hooks of the deploy", () => trace(gantry).length === 4);
  expect(trace(gantry).slice(0, 2)).toEqual(["pre_deploy web  hello", "pre_start web  hello"]);
  expect(trace(gantry).slice(2).sort()).toEqual(["post_deploy web  hello", "post_start web port hello"]);
  expect((await gantry.cli(["restart", "web"])).code).toBe(0);
  await until("the hooks of the restart", () => trace(gantry).length === 6);
  expect(trace(gantry).slice(4)).toEqual(["pre_start web  hello", "post_start web port hello"]);
  expect((await gantry.cli(["stop", "web"])).code).toBe(0);
  expect(trace(gantry).slice(6)).toEqual(["pre_stop web port hello", "post_stop web  hello"]);
  const found = await runs(gantry, "web");
  expect(found.map(({ state }) => state)).toEqual(Array(8).fill("done"));
  expect(found[0]).toMatchObject({
    name: "post_stop",
    kind: "hook",
    app: "web",
    exit: { code: 0, signal: null },
  });
});

test("a failing pre_start keeps the app from starting, and its output tells why", async () => {
  const gantry = await startGantry();
  const pre_start = script(gantry, "pre.sh", "echo looking; echo 'no database here' >&2; exit 7");
  write(gantry, { web: nodeApp({ hooks: { pre_start }, env: QUIET }) });
  const up = await gantry.cli(["up"]);
  expect(up.code).toBe(1);
  expect(up.stdout + up.stderr).toContain("pre_start exited with code 7: no database here");
  const app = await gantry.app("web");
  expect(app).toMatchObject({ state: "failed", reason: "pre_start exited with code 7: no database here" });
  expect(app.instances).toEqual([]);
  expect(app.lastLines).toEqual(["no database here"]);
  const [run] = await runs(gantry, "--failed", "--today");
  const id = run?.id ?? "";
  const output = await gantry.cli(["runs", id, "--output"]);
  expect([output.stdout, output.stderr]).toEqual(["looking\n", "no database here\n"]);
  const told = await gantry.cli(["runs", id]);
  expect(told.stdout).toContain("exited with code 7: no database here");
  expect((await gantry.cli(["status", "web"])).stdout).toContain("pre_start exited with code 7");
  script(gantry, "pre.sh", "exit 0");
  expect((await gantry.cli(["start", "web"])).code).toBe(0);
  expect((await gantry.app("web")).state).toBe("running");
});

test("a restart that a hook refuses ends as failed, and what ran before goes on", async () => {
  const gantry = await startGantry();
  const pre_start = script(gantry, "pre.sh", "exit 0");
  const [before] = await gantry.up({ web: nodeApp({ hooks: { pre_start }, env: QUIET }) });
  script(gantry, "pre.sh", "echo 'the disk is gone' >&2; exit 1");
  const restart = await gantry.cli(["restart", "web"]);
  expect(restart.code).toBe(1);
  expect(restart.stdout).toContain("it was not started anew: pre_start exited with code 1: the disk is gone");
  expect((await gantry.app("web")).pid).toBe(before?.pid);
  const hooks = { pre_start, pre_deploy: script(gantry, "deploy.sh", "exit 2") };
  await gantry.cli(["config", "web", `hooks.pre_deploy=${hooks.pre_deploy}`, "--force"]);
  const deploy = await gantry.cli(["restart", "web"]);
  expect([deploy.code, deploy.stdout]).toEqual([1, expect.stringContaining("pre_deploy exited with code 2")]);
  expect((await gantry.app("web")).pid).toBe(before?.pid);
});

const sleepers = () => allProcesses().filter(({ command }) => /^sleep 8739\d$/.test(command));

test("a time-out ends all that the hook has started, and keeps what it printed", async () => {
  const gantry = await startGantry();
  const run = script(
    gantry,
    "hang.sh",
    `echo begun
     trap '' TERM
     setsid sh -c 'trap "" TERM HUP; sleep 87391 & sleep 87392' &
     nohup sleep 87393 >/dev/null 2>&1 &
     ( ( sleep 87394 & ) & )
     while :; do sleep 87395; done`,
  );
  write(gantry, { web: nodeApp({ hooks: { pre_start: { run, timeout: "1s" } }, env: QUIET }) });
  const up = await gantry.cli(["up"]);
  expect(up.code).toBe(1);
  expect(sleepers()).toEqual([]);
  expect(processesOfApp(gantry, "web")).toEqual([]);
  const [hook] = await runs(gantry);
  expect(hook).toMatchObject({ state: "timed_out", reason: "did not end within 1 s: begun" });
  expect((await gantry.cli(["runs", hook?.id ?? "", "-o"])).stdout).toBe("begun\n");
});

test("children that outlive a hook end with it", async () => {
  const gantry = await startGantry();
  const pre_start = script(gantry, "fork.sh", "setsid sleep 87396 & setsid sleep 87397 & sleep 0.2");
  await gantry.up({ web: nodeApp({ hooks: { pre_start }, env: QUIET }) });
  expect(sleepers()).toEqual([]);
  expect((await runs(gantry))[0]?.state).toBe("done");
});

test("a hook of a Python app uses the packages of its environment", async () => {
  const gantry = await startGantry();
  cpSync(join(FIXTURES, "fastapi-single"), join(gantry.folder, "notes"), { recursive: true });
  writeFileSync(
    join(gantry.folder, "notes", "migrate.py"),
    "import sys, fastapi\nprint('migrating with fastapi', fastapi.__version__, sys.prefix)\n",
  );
  await gantry.up({
    notes: { path: join(gantry.folder, "notes"), hooks: { pre_deploy: "python migrate.py" } },
  });
  const [hook] = await runs(gantry, "notes");
  expect(hook).toMatchObject({ name: "pre_deploy", state: "done" });
  const { stdout } = await gantry.cli(["runs", hook?.id ?? "", "--output"]);
  expect(stdout).toMatch(/^migrating with fastapi \d.*\/envs\//);
}, 180_000);

test("a daemon that is killed during a hook costs nothing: it goes on, and its result is known", async () => {
  const gantry = await startGantry();
  const go = join(gantry.folder, "go");
  const pre_start = tracing(gantry, "pre_start", `while [ ! -e ${go} ]; do sleep 0.05; done; echo after`);
  write(gantry, { web: nodeApp({ hooks: { pre_start }, env: QUIET }) });
  const up = gantry.cli(["up"]);
  await until("the hook", () => trace(gantry).length === 1);
  await killDaemon(gantry);
  writeFileSync(go, "");
  await up;
  await inState(gantry, "web", "running");
  expect(trace(gantry)).toHaveLength(1);
  const found = await runs(gantry);
  expect(found.map(({ state, attempt }) => [state, attempt])).toEqual([["done", 1]]);
  expect((await gantry.cli(["runs", found[0]?.id ?? "", "-o"])).stdout).toBe("after\n");
});

test("the result of a hook that ended while no daemon lived is found", async () => {
  const gantry = await startGantry();
  const go = join(gantry.folder, "go");
  const pre_start = tracing(gantry, "pre_start", `while [ ! -e ${go} ]; do sleep 0.05; done; exit 9`);
  write(gantry, { web: nodeApp({ hooks: { pre_start }, env: QUIET }) });
  const up = gantry.cli(["up"]);
  await until("the hook", () => trace(gantry).length === 1);
  writeFileSync(go, "");
  await killDaemon(gantry);
  await up;
  await inState(gantry, "web", "failed");
  expect((await runs(gantry)).map(({ state, reason }) => [state, reason])).toEqual([
    ["failed", "exited with code 9"],
  ]);
  expect(trace(gantry)).toHaveLength(1);
});

test("a stop during pre_start ends the hook and starts nothing", async () => {
  const gantry = await startGantry();
  const pre_start = tracing(gantry, "pre_start", "sleep 87398");
  write(gantry, { web: nodeApp({ hooks: { pre_start }, env: QUIET }) });
  const up = gantry.cli(["up"]);
  await until("the hook", () => trace(gantry).length === 1);
  expect((await gantry.cli(["stop", "web"])).code).toBe(0);
  await up;
  expect(sleepers()).toEqual([]);
  const app = await gantry.app("web");
  expect([app.state, app.instances]).toEqual(["stopped", []]);
  expect((await runs(gantry))[0]).toMatchObject({
    state: "cancelled",
    reason: "was cancelled: web was stopped",
  });
});

test("a deploy whose pre_deploy fails leaves the old release serving, under load", async () => {
  const gantry = await startGantry();
  const web = (version: string, pre_deploy: string) =>
    nodeApp({ hooks: { pre_deploy }, env: { ...QUIET, VERSION: version } });
  await gantry.up({ web: web("1", script(gantry, "ok.sh", "exit 0")) });
  const before = await gantry.app("web");
  const load = startLoad(gantry.at("web"), { perSecond: 100, keepAlive: false });
  for (let round = 0; round < 3; round++) {
    write(gantry, {
      web: web(`2.${round}`, script(gantry, `bad${round}.sh`, "sleep 0.2; echo broken >&2; exit 3")),
    });
    await gantry.cli(["up"]);
    await until(
      "the deploy to fail",
      async () => (await runs(gantry, "web", "--failed")).length === round + 1,
    );
    await until("the old release to go on", async () =>
      (await gantry.app("web")).reason?.includes("pre_deploy exited with code 3: broken"),
    );
  }
  const { failures, answers } = await load.end();
  expect(failures).toEqual([]);
  expect(new Set(answers.map((answer) => answer.json<{ version: string }>().version))).toEqual(
    new Set(["1"]),
  );
  const after = await gantry.app("web");
  expect([after.pid, after.release, after.state]).toEqual([before.pid, 1, "running"]);
  expect(after.reason).toContain("pre_deploy exited with code 3");
  await gantry.up({ web: web("3", script(gantry, "ok.sh", "exit 0")) });
  await until("the next release", async () => (await ask(gantry.at("web"))).text.includes('"version":"3"'));
});

test("a failing pre_stop keeps the app, and --force does not ask it", async () => {
  const gantry = await startGantry();
  const pre_stop = script(gantry, "busy.sh", "echo 'a job is running' >&2; exit 1");
  const [before] = await gantry.up({ web: nodeApp({ hooks: { pre_stop }, env: QUIET }) });
  const stop = await gantry.cli(["stop", "web"]);
  expect(stop.code).toBe(1);
  expect(stop.stdout).toContain("it was not stopped: pre_stop exited with code 1: a job is running");
  expect(stop.stderr).toContain("gantry stop --force web");
  expect((await gantry.app("web")).pid).toBe(before?.pid);
  const gone = await gantry.cli(["unregister", "web", "--force", "--yes"]);
  expect(gone.code).not.toBe(0);
  expect(gone.stderr).toContain("pre_stop");
  expect((await ask(gantry.at("web"))).status).toBe(200);
  const all = await gantry.cli(["down", "--all"]);
  expect(all.code).toBe(1);
  expect((await gantry.app("web")).state).toBe("running");
  expect((await gantry.cli(["stop", "--force", "web"])).code).toBe(0);
  expect((await gantry.app("web")).state).toBe("stopped");
  expect((await runs(gantry))[0]).toMatchObject({ name: "pre_stop", state: "skipped" });
});

test("a hook that floods stays bounded, and a missing one is told", async () => {
  const gantry = await startGantry();
  const pre_start = script(gantry, "flood.sh", "yes flood | head -c 60000000; echo the end");
  const [app] = await gantry.up({
    web: nodeApp({ hooks: { pre_start, post_start: "./no-such-hook" }, env: QUIET }),
  });
  expect(app?.state).toBe("running");
  const missing = await until("post_start to fail", async () => {
    const found = await runs(gantry, "web", "--failed");
    return found.length === 1 && found[0];
  });
  expect(missing.reason).toContain("could not be started: the command");
  expect((await gantry.app("web")).reason).toContain("post_start could not be started");
  const flood = (await runs(gantry)).find(({ name }) => name === "pre_start");
  const { stdout } = await gantry.cli(["runs", flood?.id ?? "", "--output"]);
  expect(stdout.endsWith("the end\n")).toBe(true);
  expect(stdout.length).toBeLessThan(9_000_000);
});
