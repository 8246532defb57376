// Promise: who watches a deploy sees its end, whatever happens to the daemon; who goes away leaves it going on.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DeploymentView } from "../../src/domain/deployment-view.ts";
import { killDaemon } from "../helpers/daemon.ts";
import { begin, done, inStage, page, server, write } from "../helpers/deploy-cli.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";
import { zipOf } from "../helpers/zip-file.ts";

test("a daemon that is killed while one watches: the command waits for the next one and tells the end", async () => {
  const gantry = await startGantry();
  const folder = write(gantry, "slow", server("v1"));
  done(await gantry.cli(["deploy"], { cwd: folder }));
  write(gantry, "slow", server("v2", 2_500));
  const deploy = begin(gantry, ["deploy", "slow"]);
  await inStage(gantry, "health");
  await killDaemon(gantry);
  const { code, stdout, stderr } = await deploy.end;
  expect([code, stdout], stderr).toEqual([0, expect.stringMatching(/^Release 2 of slow serves/)]);
  expect(stderr.match(/✓ build/g)).toHaveLength(1);
  expect(await page(gantry, "slow")).toBe("v2");
});

test("Ctrl-C ends the watching alone; it can be watched again, and cancelled", async () => {
  const gantry = await startGantry();
  const folder = write(gantry, "slow", server("v1"));
  done(await gantry.cli(["deploy"], { cwd: folder }));
  const slow = Object.entries(server("v2", 2_000)).map(([name, content]) => ({ name, content }));
  writeFileSync(join(gantry.folder, "slow.zip"), zipOf(slow));
  const deploy = begin(gantry, ["deploy", "slow", "--zip", "slow.zip"]);
  const { id } = await inStage(gantry, "health");
  deploy.child.kill("SIGINT");
  const interrupted = await deploy.end;
  expect([interrupted.code, interrupted.stdout]).toEqual([130, ""]);
  expect(interrupted.stderr).toContain(`gantry deployments ${id} --follow shows it`);
  const followed = done(await gantry.cli(["deployments", id, "--follow"]));
  expect(followed.stdout).toMatch(/^Release 2 of slow serves/);
  expect(await page(gantry, "slow")).toBe("v2");

  write(gantry, "slow", server("v3", 60_000));
  const { id: hung } = done(
    await gantry.cli(["deploy", "slow", "--detach", "--json"]),
  ).json<DeploymentView>();
  const follower = begin(gantry, ["deployments", hung, "--follow"]);
  await inStage(gantry, "health");
  done(await gantry.cli(["deployments", hung, "--cancel"]));
  const told = await follower.end;
  expect([told.code, told.stdout]).toEqual([
    1,
    expect.stringMatching(/^The deploy of slow was cancelled\nRelease 2 goes on: http/),
  ]);
  expect(await page(gantry, "slow")).toBe("v2");
  expect((await gantry.cli(["deployments", hung, "--cancel"])).code).toBe(4);
  expect((await gantry.cli(["deployments", "d_none", "--log"])).code).toBe(3);
});

test("two at once: the newer one wins, the older one says so", async () => {
  const gantry = await startGantry();
  const folder = write(gantry, "twice", server("v1"));
  done(await gantry.cli(["deploy"], { cwd: folder }));
  write(gantry, "twice", server("v2", 60_000));
  const first = begin(gantry, ["deploy", "twice"]);
  await inStage(gantry, "health");
  write(gantry, "twice", server("v3"));
  const second = done(await gantry.cli(["deploy", "twice"]));
  expect(second.stdout).toMatch(/^Release 3 of twice serves/);
  const older = await first.end;
  expect([older.code, older.stdout]).toEqual([1, "The deploy of twice was overtaken by a newer one\n"]);
  expect(await page(gantry, "twice")).toBe("v3");
});

test("Ctrl-C while an archive is sent: nothing is deployed, nothing is left", async () => {
  const gantry = await startGantry();
  done(
    await gantry.cli([
      "import",
      `${write(gantry, "none", { "gantry.yaml": "apps: { a: { path: . } }" })}/gantry.yaml`,
    ]),
  );
  const deploy = begin(gantry, ["deploy", "--zip", "-", "--name", "half"]);
  deploy.child.stdin.write(zipOf([{ name: "index.html", content: "x" }]).subarray(0, 50));
  const uploads = join(gantry.home, "uploads");
  await until("the upload", () => readdirSync(uploads).length === 1);
  deploy.child.kill("SIGINT");
  const { code, stdout, stderr } = await deploy.end;
  expect([code, stdout, stderr]).toEqual([130, "", expect.stringContaining("nothing was deployed")]);
  await until("nothing to be left", () => readdirSync(uploads).length === 0);
  expect((await gantry.cli(["ls", "--quiet"])).stdout).toBe("a\n");
});

test("a request for a new app waits while it is being built", async () => {
  const gantry = await startGantry();
  write(gantry, "fresh/part", { "package.json": JSON.stringify({ name: "part", version: "1.0.0" }) });
  const folder = write(gantry, "fresh", {
    ...server("v1"),
    "package.json": JSON.stringify({
      scripts: { postinstall: "sleep 4", start: "node server.js" },
      dependencies: { part: "file:./part" },
    }),
  });
  done(await gantry.cli(["deploy", "--detach"], { cwd: folder }));
  await inStage(gantry, "build");
  expect(await page(gantry, "fresh")).toBe("v1");
});
