// From a changed variable to the processes that get it; the engine and the clock are in the test's hand.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settle } from "../../test/helpers/hand-clock.ts";
import { LoopBench } from "../../test/helpers/loop-bench.ts";
import type { App } from "../domain/app.ts";
import type { LaunchOrder } from "../domain/engine.ts";
import { GantryError } from "../domain/errors.ts";
import { type Changes, changeValues } from "./change-values.ts";
import type { Kind } from "./check-values.ts";
import { restartApp } from "./restart-app.ts";

let bench: LoopBench;
let orders: LaunchOrder[];
let app: App;
beforeEach(async () => {
  bench = await new LoopBench().open();
  orders = [];
  const start = bench.engine.start.bind(bench.engine);
  bench.engine.start = async (order) => {
    orders.push(order);
    if (order.env.A === "bad") throw new GantryError("start-failed", { reason: "A is bad" });
    return await start(order);
  };
  app = await bench.add("notes", { config: { env: { A: "1" } } });
  await bench.clock.pass(1_000);
});
afterEach(async () => {
  expect(bench.errors).toEqual([]);
  await bench.end();
});

const change = (kind: Kind, changes: Changes) =>
  changeValues(bench.context, bench.app(app), kind, { changes }, "test");
const restart = async () => {
  await restartApp(bench.context, bench.app(app), { force: false }, "test");
  // Deployments do a little of their work outside the bench's clock.
  for (let i = 0; i < 20; i++) await settle();
  await bench.clock.pass(2_000);
  await bench.clock.pass(2_000);
};
const crash = async () => {
  for (const id of bench.running(app)) bench.engine.end(id, { code: 1, signal: null });
  await settle();
  await bench.clock.pass(60_000);
};
const got = (...names: string[]) => names.map((name) => orders.at(-1)?.env[name]);
const notApplied = () => bench.view(app).notApplied;
const told = async () => (await bench.context.store.events({ limit: 1_000 })).map(({ type }) => type);

describe("values", () => {
  it("wait for a restart, which builds nothing; what is set back waits no more", async () => {
    await change("env", { A: "2", B: "$PORT $HOST" });
    await change("secrets", { S: "s3same $PORT" });
    expect(notApplied()).toEqual(["env.A", "env.B", "secrets.S"]);
    await change("env", { A: "1" });
    expect(notApplied()).toEqual(["env.B", "secrets.S"]);
    await crash();
    expect(got("A", "B", "S")).toEqual(["1", undefined, undefined]);
    expect(notApplied()).toEqual(["env.B", "secrets.S"]);

    await restart();
    expect(got("A", "B", "S")).toEqual(["1", "$PORT $HOST", "s3same $PORT"]);
    expect(bench.view(app)).toMatchObject({ state: "running", release: 2, latestRelease: 2, notApplied: [] });
    const release = bench.context.store.releases.ofApp(app.id).at(-1);
    expect(release).toMatchObject({ config: { env: { A: "1", B: "$PORT $HOST" } } });
    expect(JSON.stringify([release, bench.app(app)])).not.toContain("s3same");

    await change("secrets", { S: "other" });
    expect(notApplied()).toEqual(["secrets.S"]);
    await change("secrets", { S: "s3same $PORT" });
    expect(notApplied()).toEqual([]);
    await change("secrets", { S: null });
    expect(notApplied()).toEqual(["secrets.S"]);
    await restart();
    expect(got("S")).toEqual([undefined]);
    expect(await told()).not.toContain("build.failed");
  });

  it("that an app can't start with give way to those it ran with, and stay so over a crash", async () => {
    await change("env", { A: "2" });
    await restart();
    await change("env", { A: "bad" });
    await restart();
    await bench.clock.pass(60_000);
    expect(await told()).toContain("release.reverted");
    expect(bench.view(app)).toMatchObject({ state: "running", release: 2, notApplied: ["env.A"] });
    await crash();
    expect(got("A")).toEqual(["2"]);
    expect(bench.view(app).state).toBe("running");
    await change("env", { A: "3" });
    await restart();
    expect(got("A")).toEqual(["3"]);
    expect(bench.view(app)).toMatchObject({ state: "running", notApplied: [] });
  });

  it("come with a folder for data, private to the app", async () => {
    const data = join(bench.home, "apps", "notes", "data");
    expect(got("GANTRY_APP", "GANTRY_DATA")).toEqual(["notes", data]);
    expect(statSync(data).mode & 0o777).toBe(0o700);
    await bench.add("edge", { system: true });
    expect(got("GANTRY_DATA")).toEqual([undefined]);
    expect(existsSync(join(bench.home, "apps", "edge"))).toBe(false);
  });

  it("a missing key is told as the reason, and nothing is lost", async () => {
    await change("secrets", { S: "s3same" });
    await restart();
    const file = join(bench.home, "key");
    const key = readFileSync(file);
    rmSync(file);
    for (const id of bench.running(app)) bench.engine.end(id, { code: 1, signal: null });
    await settle();
    await bench.clock.pass(1_000);
    expect(bench.view(app)).toMatchObject({
      state: "backing-off",
      reason: expect.stringMatching(/^Secrets can't be read: the key file .* is missing$/),
    });
    writeFileSync(file, key);
    await bench.clock.pass(60_000);
    expect(bench.view(app).state).toBe("running");
    expect(got("S")).toEqual(["s3same"]);
  });
});
