// Promise 25: a newer program takes over from an older daemon, an older one says that it is; apps go on all the while.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { nodeApp } from "../helpers/apps.ts";
import { serve, stopDaemon } from "../helpers/daemon.ts";
import type { Gantry } from "../helpers/gantry.ts";
import { startLoad } from "../helpers/load.ts";
import { otherBuild } from "../helpers/other-build.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

const OLDER = "0.1.0+1000000000.0000beef";
const NEWER = "0.9.0+1000000000.0000beef";

const buildOf = async (gantry: Gantry): Promise<unknown> =>
  (await gantry.api("GET", "/health")).headers["gantry-build"];

test.each([[["ls"]], [["config", "js", "restart.max=7", "--force"]], [["ls", "--json"]], [["logs", "js"]]])(
  "%j replaces an older daemon, whose app and settings stay",
  async (args) => {
    const gantry = await startGantry();
    const program = otherBuild(join(gantry.home, "older"), OLDER);
    const [before] = await gantry.up({ js: nodeApp() }, { program });
    const daemon = await gantry.daemonPid();
    expect(await buildOf(gantry)).toBe(OLDER);
    const load = startLoad(gantry.at("js"), { perSecond: 50, keepAlive: false });
    const { code, stdout, stderr } = await gantry.cli(args, { env: { GANTRY_HTTP_PORT: "1" } });
    expect(code, stderr).toBe(0);
    if (args.includes("--json")) expect([stderr, JSON.parse(stdout)]).toMatchObject(["", { apps: [{}] }]);
    else expect(stderr).toMatch(/Replaced the daemon of an older Gantry \(0\.1\.0\+1000000000\.0000beef\)/);
    expect(await buildOf(gantry)).not.toBe(OLDER);
    expect(await gantry.daemonPid()).not.toBe(daemon);
    expect((await gantry.app("js")).pid).toBe(before?.pid);
    expect((await gantry.cli(["ls"])).stderr).not.toContain("older Gantry");
    expect((await load.end()).failures).toEqual([]);
  },
);

test("many newer commands at once replace an older daemon once", async () => {
  const gantry = await startGantry();
  const program = otherBuild(join(gantry.home, "older"), OLDER);
  const [before] = await gantry.up({ js: nodeApp() }, { program });
  const results = await Promise.all(Array.from({ length: 8 }, () => gantry.cli(["status", "js"])));
  expect(results.map(({ code }) => code)).toEqual(results.map(() => 0));
  expect(results.filter(({ stderr }) => stderr.includes("Replaced the daemon"))).toHaveLength(1);
  expect((await gantry.app("js")).pid).toBe(before?.pid);
  const starts = await until("the new daemon's first words", async () => {
    const { stdout } = await gantry.cli(["events", "--json", "--tail", "1000"]);
    const found = stdout.match(/"daemon\.started"/g) ?? [];
    return found.length > 1 && found;
  });
  expect(starts).toHaveLength(2);
});

test("an older command goes on with a newer daemon and says so", async () => {
  const gantry = await startGantry();
  const program = otherBuild(join(gantry.home, "newer"), NEWER);
  await gantry.up({ js: nodeApp() }, { program });
  const daemon = await gantry.daemonPid();
  for (const args of [["ls"], ["restart", "js"]]) {
    const { code, stderr } = await gantry.cli(args);
    expect([code, stderr.split("\n").length]).toEqual([0, 2]);
    expect(stderr).toMatch(/^Warning: .*newer Gantry \(0\.9\.0\)/);
  }
  expect(await gantry.daemonPid()).toBe(daemon);
  expect(await buildOf(gantry)).toBe(NEWER);
});

test("an older daemon in somebody's foreground is left there", async () => {
  const gantry = await startGantry();
  const program = otherBuild(join(gantry.home, "older"), OLDER);
  const daemon = await serve(gantry, program);
  const { code, stderr } = await gantry.cli(["ls"]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^Warning: .*older Gantry.*runs in the foreground \(gantry serve\)/);
  expect(await gantry.daemonPid()).toBe(daemon);
});

test("a database of a newer Gantry is refused in one line and stays as it is", async () => {
  const gantry = await startGantry();
  const [before] = await gantry.up({ js: nodeApp() });
  await stopDaemon(gantry);
  const file = join(gantry.home, "gantry.db");
  run(file, "insert into migrations (number, name, at) values (999, 'later', 1)");
  const { code, stdout, stderr } = await gantry.cli(["up"]);
  expect([code, stdout]).toEqual([5, ""]);
  expect(stderr).toMatch(
    /^(?:Starting Gantry.s daemon…\n)?Error: .*written by a newer Gantry.*Install the newer version again\.\n$/,
  );
  run(file, "delete from migrations where number = 999");
  expect((await gantry.cli(["up"])).code).toBe(0);
  expect((await gantry.app("js")).pid).toBe(before?.pid);
});

function run(file: string, statement: string): void {
  const db = new DatabaseSync(file);
  try {
    db.exec(statement);
  } finally {
    db.close();
  }
}
