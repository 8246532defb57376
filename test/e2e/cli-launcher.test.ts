// bin/gantry by itself: too old a Node, a package that is not built, exit codes and signals passed on.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const BIN = join(import.meta.dirname, "..", "..", "bin");

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync("/tmp/gl-"));
  cpSync(BIN, join(root, "bin"), { recursive: true });
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(root, "old.cjs"),
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.1.0" } });',
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const build = (code: string) => {
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(join(root, "dist", "cli.js"), code);
};
const bringNode = () => {
  mkdirSync(join(root, "node_modules", "node", "bin"), { recursive: true });
  symlinkSync(process.execPath, join(root, "node_modules", "node", "bin", "node"));
};
const run = (...before: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...before, join(root, "bin", "gantry"), "a", "b"],
    {
      encoding: "utf8",
    },
  );
  return { status, stdout, stderr };
};
const OLD = () => ["--require", join(root, "old.cjs")];
const ECHO = "console.log(process.argv.slice(2).join()); process.exitCode = 3;";

test("starts the command line", () => {
  build(ECHO);
  expect(run()).toEqual({ status: 3, stdout: "a,b\n", stderr: "" });
});

test("is found through a link, as npm makes them", () => {
  build(ECHO);
  symlinkSync(join(root, "bin", "gantry"), join(root, "linked"));
  const { stdout } = spawnSync(process.execPath, [join(root, "linked"), "x"], { encoding: "utf8" });
  expect(stdout).toBe("x\n");
});

test.each([
  ["with this Node", () => []],
  ["with an older Node", OLD],
])("says that the package is not built, %s", (_, before) => {
  bringNode();
  const { status, stderr } = run(...before());
  expect([status, stderr]).toEqual([1, `Gantry is not built yet: run npm run build in ${root}\n`]);
});

test("a fault of the command line itself is not taken for a missing build", () => {
  build('throw new Error("broken inside")');
  expect(run().stderr).toContain("broken inside");
});

describe("on an older Node", () => {
  test("says in one line what it needs", () => {
    build(ECHO);
    const { status, stdout, stderr } = run(...OLD());
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^Gantry needs Node 24 or newer; this is 18\.1\.0\..*\n$/);
  });

  test("goes on with the newer one that the package brought, and passes arguments and exit code on", () => {
    build(ECHO);
    bringNode();
    expect(run(...OLD())).toEqual({ status: 3, stdout: "a,b\n", stderr: "" });
  });

  test("passes signals on, and dies of the one that killed the command line", async () => {
    build(
      'process.on("SIGTERM", () => process.exit(42)); setInterval(() => {}, 1000); console.log("ready");',
    );
    bringNode();
    const ended = (signal: NodeJS.Signals) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [...OLD(), join(root, "bin", "gantry")], {
          stdio: ["ignore", "pipe", "ignore"],
        });
        child.stdout.once("data", () => child.kill(signal));
        child.once("exit", (code, by) => resolve(code ?? by));
      });
    expect(await ended("SIGTERM")).toBe(42);
    expect(await ended("SIGINT")).toBe("SIGINT");
  });
});
