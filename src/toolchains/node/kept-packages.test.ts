// Packages are installed once for all releases that ask for the same; what they hold is nobody's to change for others.
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it, vi } from "vitest";
import { toolchainBench } from "../../../test/contracts/toolchain.ts";
import type { Build, BuildOrder } from "../../domain/toolchain.ts";
import { createNode } from "./index.ts";

const bench = toolchainBench();
const node = createNode();
const HINTS = { entry: null, run: "node server.js" };
let envsDir = "";
beforeEach(() => {
  envsDir = join(bench.copy("no-entry"), "envs");
});

/** The working copy of a release: `ms` as its only package, unless `package_` says otherwise. */
async function release(
  package_: Record<string, unknown> = {},
  files: Record<string, string> = {},
): Promise<BuildOrder> {
  const dir = bench.copy("no-entry");
  rmSync(join(dir, "requirements.txt"));
  const text = JSON.stringify({ name: "own", dependencies: { ms: "2.1.3" }, ...package_ });
  for (const [name, content] of Object.entries({ "package.json": text, "server.js": "", ...files })) {
    mkdirSync(join(dir, name, ".."), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  const detection = (await node.detect(dir, HINTS))!;
  return bench.order(dir, detection, { envsDir, hints: HINTS, isCopy: true });
}

/** Builds where no package can be fetched. */
async function buildOffline(order: BuildOrder): Promise<Build> {
  vi.stubEnv("npm_config_registry", "http://127.0.0.1:9/");
  vi.stubEnv("npm_config_fetch_retries", "0");
  vi.stubEnv("npm_config_cache", join(order.dir, "../cache"));
  try {
    return await node.build(order);
  } finally {
    vi.unstubAllEnvs();
  }
}

const kept = () => (existsSync(envsDir) ? readdirSync(envsDir) : []);
const index = ({ dir }: BuildOrder) => join(dir, "node_modules/ms/index.js");
const says = ({ dir }: BuildOrder) =>
  execFileSync(process.execPath, ["-p", "require('ms')(1000)"], { cwd: dir, encoding: "utf8" }).trim();

it("a second release with the same packages installs nothing", async () => {
  const first = await release();
  expect((await node.build(first)).reused).toBe(false);
  expect(kept()).toEqual([expect.stringMatching(/^node-[0-9a-f]{24}$/)]);
  const second = await release({ name: "other" }, { "more.js": "" });
  expect((await buildOffline(second)).reused).toBe(true);
  expect(says(second)).toBe("1s");
  expect(readdirSync(second.dir).filter((name) => name.startsWith("."))).toEqual([]);
  expect((await buildOffline(second)).reused).toBe(true);
});

it("another list, another lock file or another setting is another installation", async () => {
  await node.build(await release());
  const others = [
    await release({ dependencies: { ms: "2.1.2" } }),
    await release({}, { ".npmrc": "strict-peer-deps=true\n" }),
    await release({}, { "patches/ms+2.1.3.patch": "" }),
    await release({ overrides: { other: "1.0.0" } }),
  ];
  for (const order of others) await expect(buildOffline(order)).rejects.toThrow("no network");
  expect(kept()).toHaveLength(1);
});

it("an app that writes into a package changes nothing for later releases", async () => {
  const first = await release();
  await node.build(first);
  appendFileSync(index(first), "\nmodule.exports = () => 'changed'\n");
  const second = await release();
  await node.build(second);
  expect([says(first), says(second)]).toEqual(["changed", "1s"]);
  const third = await release();
  expect((await buildOffline(third)).reused).toBe(true);
  expect(says(third)).toBe("1s");
});

it.each<[string, Record<string, unknown>, Record<string, string>]>([
  ["scripts of its own", { scripts: { postinstall: "node -e 0" } }, {}],
  [
    "a package of its own",
    { dependencies: { ms: "2.1.3", own: "file:./own" } },
    { "own/package.json": '{"name":"own"}' },
  ],
  [
    "workspaces",
    { workspaces: ["packages/*"] },
    { "packages/a/package.json": '{"name":"a","version":"1.0.0"}' },
  ],
])("a project with %s is installed by itself", async (_, package_, files) => {
  const order = await release(package_, files);
  expect((await node.build(order)).reused).toBe(false);
  expect(kept()).toEqual([]);
});

it("packages whose scripts look at who knows what are not kept", async () => {
  const order = await release();
  const ready = {
    ...order,
    onProgress: ({ message }: { message: string }) => {
      if (message.startsWith("added")) {
        const path = join(order.dir, "node_modules/ms/package.json");
        writeFileSync(
          path,
          JSON.stringify({ name: "ms", version: "2.1.3", scripts: { postinstall: "node look.js" } }),
        );
      }
    },
  };
  await node.build(ready);
  expect(kept()).toEqual([]);
});

it("the owner's own folder stays the owner's", async () => {
  const order = { ...(await release()), isCopy: false };
  await node.build(order);
  expect(kept()).toEqual([]);
  await node.build(await release());
  expect(statSync(index(order)).nlink).toBe(1);
});

it("a failed installation, and one that is cut, leave nothing", async () => {
  await expect(node.build(await release({ dependencies: { ms: "99.0.0" } }))).rejects.toThrow("ms@99.0.0");
  const order = await release();
  const stop = new AbortController();
  const onProgress = ({ message }: { message: string }) => {
    if (message.startsWith("added")) stop.abort(new Error("cut"));
  };
  await expect(node.build({ ...order, onProgress }, stop.signal)).rejects.toThrow("cut");
  expect(kept()).toEqual([]);
  const again = await release();
  await node.build(again);
  expect(says(again)).toBe("1s");
});

it("what a dead daemon left half done is in nobody's way", async () => {
  await node.build(await release());
  const order = await release();
  mkdirSync(join(order.dir, ".gantry-node-modules/ms"), { recursive: true });
  writeFileSync(join(order.dir, ".gantry-node-modules/ms/index.js"), "half");
  expect((await buildOffline(order)).reused).toBe(true);
  expect(says(order)).toBe("1s");
  expect(existsSync(join(order.dir, ".gantry-node-modules"))).toBe(false);
  const [name = ""] = kept();
  writeFileSync(join(envsDir, name, "contents.json"), "[");
  const other = await release();
  await node.build(other);
  expect(says(other)).toBe("1s");
  expect(readFileSync(join(envsDir, name, "contents.json"), "utf8")).toContain("ms/index.js");
});
