// Promise 26: every change of state has who, when and why, and survives a crash.
import { expect, test } from "vitest";
import type { GantryEvent } from "../../src/domain/event.ts";
import { inState, nodeApp } from "../helpers/apps.ts";
import { killDaemon } from "../helpers/daemon.ts";
import type { Gantry } from "../helpers/gantry.ts";
import { signal } from "../helpers/processes.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

async function events(gantry: Gantry): Promise<GantryEvent[]> {
  const { code, stdout, stderr } = await gantry.cli(["events", "--json", "--tail", "1000"]);
  expect(code, stderr).toBe(0);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as GantryEvent);
}

test("the event log tells the life of an app, and is whole after kill -9", async () => {
  const gantry = await startGantry();
  const [app] = await gantry.up({ js: nodeApp() });
  signal(app?.pid ?? 0, "SIGKILL");
  await until("the successor", async () => {
    const now = await gantry.app("js");
    return now.state === "running" && now.pid !== app?.pid;
  });
  await gantry.cli(["restart", "js"]);
  await gantry.cli(["stop", "js"]);
  await inState(gantry, "js", "stopped");
  await gantry.cli(["start", "js"]);
  await gantry.cli(["stop", "js"]);
  const before = await events(gantry);
  await killDaemon(gantry);
  const after = await events(gantry);

  const of = (type: string) => after.filter((event) => event.type === type && event.appId === app?.id);
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.map(({ id }) => id)).toEqual([...after.map(({ id }) => id)].sort((a, b) => a - b));
  for (const event of after) {
    expect(event.actor).not.toBe("");
    expect(event.message).not.toBe("");
    expect(new Date(event.at).getFullYear()).toBeGreaterThan(2025);
  }
  for (const type of ["app.registered", "build.finished", "app.started", "app.restarted", "app.stopped"])
    expect(
      of(type).map(({ actor }) => actor),
      type,
    ).toContain("cli");
  // First, after the kill, after the restart, after the start: each instance that was made has also ended.
  expect(of("instance.created").length).toBeGreaterThanOrEqual(4);
  expect(of("instance.ended")).toHaveLength(of("instance.created").length);
  expect(of("instance.ended").some(({ message }) => message.includes("KILL"))).toBe(true);
});
