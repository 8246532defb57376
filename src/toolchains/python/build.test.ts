import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { toolchainBench } from "../../../test/contracts/toolchain.ts";
import { freePort, type Running, serveBuild } from "../../../test/helpers/serve-build.ts";
import type { Build, BuildOrder, Hints } from "../../domain/toolchain.ts";
import { createPython } from "./index.ts";

const bench = toolchainBench();
const python = createPython();
const running: Running[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const app of running.splice(0)) await app.stop();
});

async function orderOf(dir: string, more: Partial<BuildOrder> = {}, hints: Partial<Hints> = {}) {
  const all = { entry: null, run: null, ...hints };
  const detection = await python.detect(dir, all);
  return bench.order(dir, detection!, { hints: all, ...more });
}

async function answer(build: Build, dir: string): Promise<string> {
  const app = await serveBuild(build, dir);
  running.push(app);
  return await app.get("/");
}

/** A folder with these packages alone, for an environment of the test's own. */
async function packagesOf(requirement: string): Promise<string> {
  const dir = bench.copy("plain-script");
  writeFileSync(join(dir, "requirements.txt"), `${requirement}\n`);
  const { env } = await python.build(await orderOf(dir));
  const lib = join(env.VIRTUAL_ENV!, "lib");
  return join(lib, readdirSync(lib)[0]!, "site-packages");
}

/** Environments that are complete or not: nothing may be half made. */
const environments = (order: BuildOrder) =>
  readdirSync(order.envsDir).filter((name) => name.startsWith("python-"));

describe("detection", () => {
  it("runs nothing of the folder", async () => {
    const dir = bench.copy("import-writes");
    expect(await python.detect(dir, { entry: null, run: null })).toMatchObject({ entry: "main:app" });
    expect(await python.detect(dir, { entry: "main:app", run: null })).toMatchObject({ entry: "main:app" });
    expect(readdirSync(dir).toSorted()).toEqual(["main.py", "setup.py"]);
  });

  it("shows a syntax error, and the build names its line", async () => {
    const dir = bench.copy("syntax-error");
    const order = await orderOf(dir);
    expect(order.detection.evidence.join()).toContain("syntax error in main.py:3");
    await expect(python.build(order)).rejects.toMatchObject({
      code: "build-failed",
      message: expect.stringMatching(/^main\.py:3: /),
    });
    const told = await orderOf(dir, {}, { entry: "main:app" });
    await expect(python.build(told)).rejects.toThrow(/^main\.py:3: /);
  });

  it.each([
    ["os:system", "there is no os.py in"],
    ["main:app; id", "it must be module:variable"],
    ["main:app\n", "it must be module:variable"],
    ["../main:app", "it must be module:variable"],
    ["main", "it must be module:variable"],
    ["nope:app", "there is no nope.py in"],
  ])("refuses the entry %j", async (entry, reason) => {
    const dir = bench.copy("fastapi-single");
    const found = python.detect(dir, { entry, run: null });
    await expect(found).rejects.toMatchObject({ code: "invalid-entry", details: { field: "entry" } });
    await expect(found).rejects.toThrow(reason);
  });
});

describe("environments", () => {
  it("are shared by equal requirements, also when both are built at once", async () => {
    const dirs = [bench.copy("fastapi-single"), bench.copy("fastapi-single")];
    const envsDir = join(dirs[0]!, "../shared");
    const orders = await Promise.all(dirs.map((dir) => orderOf(dir, { envsDir })));
    const builds = await Promise.all(orders.map((order) => python.build(order)));
    expect(builds.map(({ reused }) => reused).toSorted()).toEqual([false, true]);
    expect(builds[0]!.argv).toEqual(builds[1]!.argv);
    expect(environments(orders[0]!)).toHaveLength(1);
    writeFileSync(join(dirs[0]!, "requirements.txt"), "fastapi>=0.100\nsix==1.16.0\n");
    const other = await python.build(orders[0]!);
    expect(other.reused).toBe(false);
    expect(other.argv[0]).not.toBe(builds[1]!.argv[0]);
    const used = builds[1]!.env.VIRTUAL_ENV!;
    utimesSync(used, 1, 1);
    expect(await python.build(orders[1]!)).toEqual({ ...builds[1], reused: true });
    expect(statSync(used).mtimeMs).toBeGreaterThan(1_000);
  });

  it("are not there when the build was cut short while it installed", async () => {
    const dir = bench.copy("starlette-app");
    const stop = new AbortController();
    const order = await orderOf(dir, { envsDir: join(dir, "../envs") });
    const cut = {
      ...order,
      onProgress: ({ stage }: { stage: string }) => stage === "dependencies" && stop.abort(new Error("cut")),
    };
    await expect(
      python.build({ ...cut, onProgress: (step) => void cut.onProgress(step) }, stop.signal),
    ).rejects.toThrow("cut");
    expect(environments(order)).toEqual([]);
    expect(await python.build(order)).toMatchObject({ reused: false });
  });

  it("are made again when an earlier daemon died over them", async () => {
    const dir = bench.copy("starlette-app");
    const order = await orderOf(dir, { envsDir: join(dir, "../envs") });
    const build = await python.build(order);
    rmSync(join(build.env.VIRTUAL_ENV!, ".complete"));
    rmSync(join(build.env.VIRTUAL_ENV!, "lib"), { recursive: true });
    expect(await python.build(order)).toEqual(build);
    expect(await answer(build, dir)).toBe("200 from starlette-app");
  });

  it("come from venv and pip where there is no uv", async () => {
    const dir = bench.copy("starlette-app");
    const order = await orderOf(dir, { envsDir: join(dir, "../envs") });
    const build = await createPython({ uv: false }).build(order);
    expect(existsSync(join(build.env.VIRTUAL_ENV!, "bin/pip"))).toBe(true);
    expect(await answer(build, dir)).toBe("200 from starlette-app");
  });

  it("follow an included requirements file", async () => {
    const dir = bench.copy("starlette-app");
    writeFileSync(join(dir, "requirements.txt"), "-r base.txt\n");
    writeFileSync(join(dir, "base.txt"), "starlette\n");
    const order = await orderOf(dir, { envsDir: join(dir, "../envs") });
    const first = await python.build(order);
    writeFileSync(join(dir, "base.txt"), "starlette<1\n");
    const second = await python.build(order);
    expect(second.reused).toBe(false);
    expect(second.argv[0]).not.toBe(first.argv[0]);
  });
});

describe("the project's own environment", () => {
  it("is used as it is, with the missing server from outside", async () => {
    const dir = bench.copy("starlette-app");
    const site = await packagesOf("starlette<1");
    execFileSync("python3", ["-m", "venv", "--without-pip", join(dir, ".venv")]);
    const own = join(dir, ".venv/lib", site.split("/").at(-2)!, "site-packages");
    writeFileSync(join(own, "own.pth"), `${site}\n`);
    const build = await python.build(await orderOf(dir));
    expect(build.argv[0]).toBe(join(dir, ".venv/bin/python"));
    expect(build.env.VIRTUAL_ENV).toBe(join(dir, ".venv"));
    expect(await answer(build, dir)).toBe("200 from starlette-app");
    expect(readdirSync(own)).toEqual(["own.pth"]);
  });

  it("is passed over when it does not run or lacks the framework", async () => {
    const dir = bench.copy("starlette-app");
    mkdirSync(join(dir, ".venv/bin"), { recursive: true });
    writeFileSync(join(dir, ".venv/pyvenv.cfg"), "home = /nowhere\n");
    symlinkSync("/nowhere/python3", join(dir, ".venv/bin/python"));
    execFileSync("python3", ["-m", "venv", "--without-pip", join(dir, "venv")]);
    const build = await python.build(await orderOf(dir));
    expect(build.argv[0]).toContain("/envs/python-");
  });
});

describe("a failed build says in one sentence why", () => {
  const fail = async (dir: string, more: Partial<BuildOrder> = {}, uv = true): Promise<string> => {
    const order = await orderOf(dir, { envsDir: join(dir, "../envs"), ...more });
    const error = await createPython({ uv })
      .build(order)
      .then(
        () => null,
        (thrown) => thrown,
      );
    expect(error).toMatchObject({ code: "build-failed" });
    expect(environments(order)).toEqual([]);
    expect(readFileSync(order.logFile, "utf8")).not.toBe("");
    expect(String(error.details.lines).split("\n").length).toBeLessThanOrEqual(40);
    return error.message;
  };

  it("a version that does not exist", async () => {
    const dir = bench.copy("bad-requirement");
    expect(await fail(dir)).toBe("requirements.txt:2: no version of six==99.0 exists");
  });

  it("a line that can't be read", async () => {
    const dir = bench.copy("bad-requirement");
    writeFileSync(join(dir, "requirements.txt"), "# first\nstarlette\nsix=99\n");
    expect(await fail(dir)).toMatch(/^requirements\.txt:3: /);
  });

  it("no network", async () => {
    const dir = bench.copy("starlette-app");
    const index = `http://127.0.0.1:${await freePort()}/simple`;
    vi.stubEnv("PIP_INDEX_URL", index);
    vi.stubEnv("PIP_RETRIES", "1");
    vi.stubEnv("UV_HTTP_RETRIES", "0");
    vi.stubEnv("UV_CACHE_DIR", join(dir, "../cache"));
    vi.stubEnv("PIP_CACHE_DIR", join(dir, "../cache"));
    const sentence = `no network: could not reach the package index at ${new URL(index).host}`;
    expect(await fail(dir)).toBe(sentence);
    expect(await fail(dir, {}, false)).toMatch(/^no network: could not reach the package index/);
  });

  it("a Python that is not there", async () => {
    const dir = bench.copy("fastapi-package");
    const project = readFileSync(join(dir, "pyproject.toml"), "utf8");
    writeFileSync(join(dir, "pyproject.toml"), project.replace(">=3.8", ">=3.99"));
    await expect(python.build(await orderOf(dir))).rejects.toThrow(
      /^the project asks for Python >=3\.99, but this machine has 3\./,
    );
  });

  it("a line that needs a shell, before anything is installed", async () => {
    const dir = bench.copy("starlette-app");
    const order = await orderOf(
      dir,
      { envsDir: join(dir, "../envs") },
      { run: "sleep 1 && uvicorn server:api" },
    );
    await expect(python.build(order)).rejects.toThrow("run: the operator && needs shell: true");
    expect(existsSync(order.envsDir)).toBe(false);
    const build = await python.build({ ...order, shell: true });
    expect(build.argv).toEqual(["/bin/sh", "-c", "sleep 1 && uvicorn server:api"]);
    expect(build.env.PATH).toMatch(/^\S+\/envs\/python-[0-9a-f]+\/bin:/);
  });
});
