import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { toolchainBench } from "../../../test/contracts/toolchain.ts";
import { freePort, type Running, serveBuild } from "../../../test/helpers/serve-build.ts";
import type { Build, BuildOrder } from "../../domain/toolchain.ts";
import { createNode } from "./index.ts";

const bench = toolchainBench();
const node = createNode();
const NONE = { entry: null, run: null };
const running: Running[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const app of running.splice(0)) await app.stop();
});

const SERVER =
  'require("http").createServer((_q, r) => r.end("from " + require("ms")(1000))).listen(process.env.PORT, process.env.HOST)';

/** A project of its own, with `ms` as its only package. */
function project(more: Record<string, unknown> = {}, files: Record<string, string> = {}): string {
  const dir = bench.copy("no-entry");
  rmSync(join(dir, "requirements.txt"));
  const package_ = {
    name: "own",
    scripts: { start: "node server.js" },
    dependencies: { ms: "2.1.3" },
    ...more,
  };
  const all = { "package.json": JSON.stringify(package_), "server.js": SERVER, ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(join(dir, name, ".."), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

async function orderOf(dir: string): Promise<BuildOrder> {
  return bench.order(dir, (await node.detect(dir, NONE))!);
}

async function answer(build: Build, dir: string): Promise<string> {
  const app = await serveBuild(build, dir);
  running.push(app);
  return await app.get("/");
}

describe("packages", () => {
  it("are installed without leaving a lock file, and only once", async () => {
    const dir = project();
    const order = await orderOf(dir);
    const build = await node.build(order);
    expect(build.reused).toBe(false);
    expect(existsSync(join(dir, "package-lock.json"))).toBe(false);
    expect(await answer(build, dir)).toBe("200 from 1s");
    expect((await node.build(order)).reused).toBe(true);
    const changed = readFileSync(join(dir, "package.json"), "utf8").replace("2.1.3", "2.1.2");
    writeFileSync(join(dir, "package.json"), changed);
    expect((await node.build(order)).reused).toBe(false);
  });

  it("are installed again after a script of the installation has failed", async () => {
    const scripts = { start: "node server.js", postinstall: "test -e fetched || (echo no luck; exit 7)" };
    const dir = project({ scripts });
    const order = await orderOf(dir);
    const failure = { details: { reason: expect.stringContaining("the script postinstall failed") } };
    await expect(node.build(order)).rejects.toMatchObject(failure);
    await expect(node.build(order)).rejects.toMatchObject(failure);
    writeFileSync(join(dir, "fetched"), "");
    expect((await node.build(order)).reused).toBe(false);
    expect((await node.build(order)).reused).toBe(true);
  });

  it("are left as the person installed them, when they fit the lock file", async () => {
    const dir = project();
    execFileSync("npm", ["install", "--no-audit", "--no-fund"], { cwd: dir, stdio: "ignore" });
    const order = await orderOf(dir);
    const before = statSync(join(dir, "node_modules")).mtimeMs;
    expect((await node.build(order)).reused).toBe(true);
    expect(statSync(join(dir, "node_modules")).mtimeMs).toBe(before);
    const installed = join(dir, "node_modules/.package-lock.json");
    writeFileSync(installed, JSON.stringify({ packages: {} }));
    expect((await node.build(order)).reused).toBe(false);
  });

  it("are installed again after an installation that was cut short", async () => {
    const dir = project();
    const order = await orderOf(dir);
    await node.build(order);
    const stop = new AbortController();
    rmSync(join(dir, "node_modules/ms"), { recursive: true });
    rmSync(join(dir, "node_modules/.gantry-install"));
    rmSync(join(dir, "node_modules/.package-lock.json"));
    const onProgress = () => stop.abort(new Error("cut"));
    await expect(node.build({ ...order, onProgress }, stop.signal)).rejects.toThrow("cut");
    const build = await node.build(order);
    expect(build.reused).toBe(false);
    expect(await answer(build, dir)).toBe("200 from 1s");
  });

  it("come by pnpm where its lock file says so", async () => {
    const lock = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .:
    dependencies:
      ms:
        specifier: 2.1.3
        version: 2.1.3

packages:

  ms@2.1.3:
    resolution: {integrity: sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==}

snapshots:

  ms@2.1.3: {}
`;
    const dir = project({}, { "pnpm-lock.yaml": lock });
    const order = await orderOf(dir);
    const build = await node.build(order);
    expect(existsSync(join(dir, "node_modules/.pnpm"))).toBe(true);
    expect(await answer(build, dir)).toBe("200 from 1s");
    rmSync(join(dir, "node_modules/.gantry-install"));
    expect((await node.build(order)).reused).toBe(true);
  });
});

describe("the build script", () => {
  const scripts = { build: "node build.js", start: "node dist/server.js" };
  const script = `require("fs").cpSync("server.js", "dist/server.js"); console.log("built")`;

  it("runs when what is started comes from it, and again when a source changed", async () => {
    const dir = project({ scripts }, { "build.js": script });
    const order = await orderOf(dir);
    const build = await node.build(order);
    expect(await answer(build, dir)).toBe("200 from 1s");
    expect((await node.build(order)).reused).toBe(true);
    writeFileSync(join(dir, "server.js"), `${SERVER}\n// changed`);
    expect((await node.build(order)).reused).toBe(false);
    expect(readFileSync(join(dir, "dist/server.js"), "utf8")).toContain("changed");
  });

  it("names its error", async () => {
    const failing = `console.log("src/x.ts(1,7): error TS2322: no"); process.exit(2)`;
    const dir = project({ scripts }, { "build.js": failing });
    await expect(node.build(await orderOf(dir))).rejects.toMatchObject({
      code: "build-failed",
      message: "the build script failed: src/x.ts(1,7): error TS2322: no",
    });
  });

  it("makes a site that is served as files, where there is no server", async () => {
    const site = `require("fs").mkdirSync("dist", { recursive: true }); require("fs").writeFileSync("dist/index.html", "site")`;
    const tool = { "tool/package.json": JSON.stringify({ name: "vite", version: "9.0.0" }) };
    const only = {
      scripts: { dev: "vite", build: "node build.js" },
      dependencies: {},
      devDependencies: { vite: "file:./tool" },
    };
    const dir = project(only, { "build.js": site, ...tool });
    rmSync(join(dir, "server.js"));
    const order = await orderOf(dir);
    expect(order.detection).toMatchObject({
      framework: "vite",
      run: null,
      listens: "none",
      check: { type: "none" },
    });
    expect(await node.build(order)).toMatchObject({ argv: [], staticRoot: join(dir, "dist"), reused: false });
    expect(await node.build(order)).toMatchObject({ staticRoot: join(dir, "dist"), reused: true });
  });
});

describe("a failed build says in one sentence why", () => {
  const failure = async (dir: string) => {
    const order = await orderOf(dir);
    const error = await node.build(order).then(
      () => null,
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: "build-failed" });
    return error.message;
  };

  it("a version that does not exist", async () => {
    const dir = project({ dependencies: { ms: "99.0.0" } });
    expect(await failure(dir)).toBe("package.json: no version of ms@99.0.0 exists");
    expect(existsSync(join(dir, "node_modules/.gantry-install"))).toBe(false);
  });

  it("no network", async () => {
    const registry = `http://127.0.0.1:${await freePort()}/`;
    vi.stubEnv("npm_config_registry", registry);
    vi.stubEnv("npm_config_fetch_retries", "0");
    vi.stubEnv("npm_config_cache", join(bench.copy("no-entry"), "cache"));
    expect(await failure(project())).toBe(
      `no network: could not reach the package registry at ${new URL(registry).host}`,
    );
  });

  it("a Node that is too old", async () => {
    expect(await failure(project({ engines: { node: ">=99" } }))).toMatch(
      /^package\.json asks for Node >=99, but this machine has \d/,
    );
  });

  it("a package.json that is none", async () => {
    expect(await failure(project({}, { "package.json": "{" }))).toMatch(/^package\.json: /);
  });

  it("a program or file that is not there", async () => {
    const none = { dependencies: {} };
    expect(await failure(project({ ...none, scripts: { start: "gantry-no-such x" } }))).toBe(
      "the program gantry-no-such was not found, neither in node_modules nor on this machine",
    );
    expect(await failure(project({ ...none, scripts: { start: "node gone.js" } }))).toBe(
      "node gone.js: there is no such file",
    );
  });
});
