// A FastAPI app is deployed into a process that waits: sooner, and otherwise as if it had been started for it.
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DeploymentView } from "../../src/domain/deployment-view.ts";
import type { Gantry } from "../helpers/gantry.ts";
import { descriptorsOf, environmentOf, isAlive, type Process, signal } from "../helpers/processes.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

const FACTS = `
import json, os, signal, sys
from fastapi import FastAPI

VERSION = "v0"
app = FastAPI()
AT_IMPORT = {"argv": list(sys.argv), "orig": sys.orig_argv if hasattr(sys, "orig_argv") else None, "path": list(sys.path),
    "main": sorted(vars(sys.modules["__main__"])), "file": __file__, "name": __name__, "cwd": os.getcwd(),
    "env": dict(os.environ), "umask": os.umask(0o22), "executable": sys.executable, "flags": repr(sys.flags),
    "hook": sys.excepthook is sys.__excepthook__, "site": "sitecustomize" in sys.modules}

@app.get("/")
def version() -> str:
    return VERSION

@app.get("/facts")
def facts() -> dict:
    handlers = {n: str(getattr(signal.getsignal(n), "__qualname__", signal.getsignal(n))) for n in (1, 2, 13, 15)}
    status = [line for line in open("/proc/self/status") if line.startswith(("Sig", "Uid", "Umask", "NoNewPrivs"))]
    return {**AT_IMPORT, "handlers": handlers, "status": status, "cgroup": open("/proc/self/cgroup").read(),
        "session": os.getsid(0) == os.getpgrp(), "stdin": os.readlink("/proc/self/fd/0")}
`;
const REQUIREMENTS = { "requirements.txt": "fastapi\n" };
const code = (version: string): Record<string, string> => ({
  "main.py": FACTS.replace("v0", version),
  ...REQUIREMENTS,
});

async function begin(): Promise<Gantry> {
  const gantry = await startGantry();
  const { code, stderr } = await gantry.cli(["register", "--name", "first", "--run", "true"]);
  expect(code, stderr).toBe(0);
  return gantry;
}

async function must<T>(gantry: Gantry, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await gantry.api(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
  return answer.json<T>();
}

/** The newest deployment of the app, when all of it is over. */
const settled = (gantry: Gantry, app: string): Promise<DeploymentView> =>
  until(`the deploy of ${app}`, async () => {
    const { deployments } = await must<{ deployments: DeploymentView[] }>(
      gantry,
      "GET",
      `/api/apps/${app}/deployments`,
    );
    const [newest] = deployments;
    const isOver = newest?.open === false && newest.stages.every(({ state }) => state !== "running");
    return isOver && newest;
  });

/** A new app from typed code, serving. */
async function create(
  gantry: Gantry,
  name: string,
  config: object = {},
  files = code("v0"),
): Promise<DeploymentView> {
  await must(gantry, "POST", "/api/apps/upload/files", { name, config, files });
  return await settled(gantry, name);
}

async function deploy(gantry: Gantry, name: string, files: Record<string, string>): Promise<DeploymentView> {
  await must(gantry, "PUT", `/api/apps/${name}/draft`, { files });
  await must(gantry, "POST", `/api/apps/${name}/deploy`, {});
  return await settled(gantry, name);
}

const answer = async (gantry: Gantry, name: string, path = "/"): Promise<string> =>
  (await ask(gantry.at(name, path))).text;

/** Processes that were started to wait, and wait still; Python's, not their shims'. */
function waiting(gantry: Gantry): Process[] {
  return gantry
    .processes()
    .filter(({ command }) => /-m uvicorn$/.test(command) && !command.includes("gantry-shim"))
    .filter(({ pid }) => environmentOf(pid, "GANTRY_STANDBY") !== null && hasOpenPipe(pid));
}

/** Its name is gone already. */
function hasOpenPipe(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) =>
      readlinkSync(`/proc/${pid}/fd/${fd}`).includes(".fifo"),
    );
  } catch {
    return false;
  }
}

const standby = (gantry: Gantry, name: string): Promise<Process> =>
  until(`a process that waits for ${name}`, () =>
    waiting(gantry).find(({ pid }) => environmentOf(pid, "GANTRY_APP") === name),
  );
const noneWaits = (gantry: Gantry): Promise<unknown> =>
  until("none to wait", () => waiting(gantry).length === 0);

const pidOf = async (gantry: Gantry, name: string): Promise<number> => (await gantry.app(name)).pid ?? 0;

test("an app is the same inside a process that waited, and nobody else sees what it was given", async () => {
  const gantry = await begin();
  const config = { env: { OWN: "a 'b' \"c\" $d", PATH_LIKE: "/x:/y" }, args: ["--no-access-log"] };
  const secret = "s3cret-in-no-file";
  for (const [name, warm] of [
    ["same", true],
    ["bare", false],
  ] as const) {
    await create(gantry, name, { ...config, warm });
    await must(gantry, "PUT", `/api/apps/${name}/secrets/TOKEN`, { value: secret });
  }
  const { pid } = await standby(gantry, "same");
  for (const name of ["same", "bare"]) await deploy(gantry, name, code("v1"));
  expect(await pidOf(gantry, "same")).toBe(pid);
  const facts = async (name: string): Promise<unknown> => {
    const text = await answer(gantry, name, "/facts");
    const { env } = JSON.parse(text) as { env: Record<string, string> };
    return JSON.parse(
      text
        .replaceAll(env.GANTRY_INSTANCE ?? "", "INSTANCE")
        .replaceAll(env.PORT ?? "", "PORT")
        .replaceAll(`apps/${name}/`, "apps/NAME/")
        .replaceAll(`"${name}"`, '"NAME"'),
    );
  };
  const [same, bare] = [await facts("same"), await facts("bare")];
  expect(same).toEqual(bare);
  expect(same).toMatchObject({ env: { ...config.env, TOKEN: secret }, name: "main" });
  expect(
    Object.keys((same as { env: object }).env).filter((name) => /STANDBY|PYTHONPATH/.test(name)),
  ).toEqual([]);
  for (const { pid, command } of gantry.processes()) {
    expect(command).not.toContain(secret);
    if (environmentOf(pid, "GANTRY_APP") === "same")
      expect(readFileSync(`/proc/${pid}/environ`, "latin1")).not.toContain(secret);
  }
  for (const file of readdirSync(gantry.home, { recursive: true, encoding: "utf8" })) {
    const path = join(gantry.home, file);
    if (!file.startsWith("envs") && statSync(path, { throwIfNoEntry: false })?.isFile())
      expect(readFileSync(path, "latin1").includes(secret), path).toBe(false);
  }
});

test("a crash says the same, a stop ends it as well, and the next deploy finds the next process", async () => {
  const gantry = await begin();
  const broken = { "main.py": `${FACTS}\nraise RuntimeError("on purpose")\n`, ...REQUIREMENTS };
  const seen: Record<string, { failed: DeploymentView; lines: string[] }> = {};
  for (const name of ["same", "bare"]) {
    await create(gantry, name, { warm: name === "same", restart: { max: 0 } });
    if (name === "same") await standby(gantry, name);
    const before = (await gantry.logs(name)).length;
    const failed = await deploy(gantry, name, broken);
    const lines = (await gantry.logs(name)).slice(before);
    seen[name] = {
      failed,
      lines: lines.map((line) => line.replaceAll(/apps\/\w+\/releases\/work\/\w+/g, "WORK")),
    };
    expect(await answer(gantry, name)).toContain("v0");
  }
  const traceback = ({ lines }: { lines: string[] }) => {
    const from = lines.findIndex((line) => line.startsWith("Traceback"));
    return lines.slice(from, lines.findIndex((line) => line.includes("RuntimeError: on purpose")) + 1);
  };
  const [same, bare] = [seen.same, seen.bare];
  if (same === undefined || bare === undefined) throw new Error("nothing was seen");
  expect(traceback(same)).toEqual(traceback(bare));
  expect(traceback(same).length).toBeGreaterThan(5);
  expect(same.failed).toMatchObject({
    state: "failed",
    reason: bare.failed.reason?.replaceAll("bare", "same"),
  });
  expect(same.failed.diagnostics).toEqual(bare.failed.diagnostics);

  const { pid } = await standby(gantry, "same");
  expect(await deploy(gantry, "same", code("v2"))).toMatchObject({ state: "done" });
  expect(await pidOf(gantry, "same")).toBe(pid);
  expect(await answer(gantry, "same")).toContain("v2");
  await standby(gantry, "same");
  await must(gantry, "POST", "/api/apps/same/stop");
  await until("it to stop", async () => (await gantry.app("same")).state === "stopped");
  expect((await gantry.logs("same")).join("\n")).toContain("Application shutdown complete.");
  expect(isAlive(pid)).toBe(false);
  await noneWaits(gantry);
});

test("a killed daemon leaves none that waits, and its apps go on; twenty deploys leave no more than one", async () => {
  const gantry = await begin();
  await create(gantry, "web");
  const { pid } = await standby(gantry, "web");
  const app = await pidOf(gantry, "web");
  const daemon = await gantry.daemonPid();
  signal(daemon, "SIGKILL");
  await until("the one that waits to end", () => !isAlive(pid));
  await until("the next daemon", async () => (await gantry.daemonPid()) !== daemon);
  expect(await pidOf(gantry, "web")).toBe(app);
  expect(waiting(gantry)).toEqual([]);

  const count = async (): Promise<{ processes: number; descriptors: number; rest: string[] }> => {
    await settled(gantry, "web");
    await standby(gantry, "web");
    const rest = readdirSync(join(gantry.home, "run")).filter((file) => file.endsWith(".fifo"));
    return {
      processes: gantry.processes().length,
      descriptors: descriptorsOf(await gantry.daemonPid()),
      rest,
    };
  };
  const used = new Set<number>();
  await deploy(gantry, "web", code("v1"));
  const before = await count();
  for (let i = 2; i <= 21; i++) {
    const { pid } = await standby(gantry, "web");
    expect(await deploy(gantry, "web", code(`v${i}`))).toMatchObject({ state: "done" });
    expect(await answer(gantry, "web")).toContain(`v${i}`);
    if ((await pidOf(gantry, "web")) === pid) used.add(pid);
  }
  expect(used.size).toBe(20);
  const after = await count();
  expect(after.processes).toBe(before.processes);
  expect(after.rest).toEqual([]);
  // The FIFOs of the newest are held for half a minute.
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 30);
}, 180_000);

test("none waits where it would be noticed, and what hides a module of the server is found", async () => {
  const gantry = await begin();
  await create(gantry, "early", { env: { PYTHONOPTIMIZE: "1" } });
  await create(gantry, "many", { args: ["--workers", "2"] });
  await create(gantry, "never", { warm: false });
  // It breaks the server itself, wherever that is started.
  const hiding = { ...code("v1"), "email.py": "VALUE = 'own'\n" };
  await create(gantry, "hides");
  const { pid } = await standby(gantry, "hides");
  expect(waiting(gantry).map((one) => one.pid)).toEqual([pid]);
  const bare = await create(gantry, "plain", { warm: false }, hiding);
  const failed = await deploy(gantry, "hides", hiding);
  expect(failed.state).toBe(bare.state);
  expect(failed.reason?.replaceAll("hides", "plain")).toBe(bare.reason);
});
