import { mkdirSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { sampleDeployment, sampleRelease } from "../../test/helpers/sample-rows.ts";
import { pruneEnvironments } from "./prune-environments.ts";

const DAY_S = 86_400;
let test: TestApi;
let envs = "";
beforeEach(async () => {
  test = await createTestApi();
  envs = join(test.home, "envs");
});
afterEach(() => test.end());

/** An environment that was used so many days ago. */
function environment(name: string, days: number): string {
  const dir = join(envs, name);
  mkdirSync(join(dir, "lib"), { recursive: true });
  const at = Date.now() / 1_000 - days * DAY_S;
  utimesSync(dir, at, at);
  return dir;
}

const left = () => readdirSync(envs).toSorted();

it("removes what no release uses and nobody used for 30 days, also what a dead daemon had begun to remove", async () => {
  await pruneEnvironments(test.context);
  environment("python-fresh", 29);
  environment("python-old", 31);
  environment(".going-python-dead", 0);
  environment(".new-node-dead", 0);
  const used = [environment("python-argv", 400), environment("python-path", 400)];
  const app = await test.addApp("user", { deletedAt: 1 });
  const release = sampleRelease("r1", app.id);
  const launch = { ...release.launch, argv: [`${used[0]}/bin/python`], env: { PATH: `${used[1]}/bin:/bin` } };
  await test.context.store.write({ put: { releases: [{ ...release, launch }] } });
  await pruneEnvironments(test.context);
  expect(left()).toEqual(["python-argv", "python-fresh", "python-path"]);
});

it("waits while something is built", async () => {
  environment("python-old", 31);
  const app = await test.addApp("builds");
  const deployment = sampleDeployment("d1", app.id);
  await test.context.store.write({ put: { deployments: [deployment] } });
  await pruneEnvironments(test.context);
  expect(left()).toEqual(["python-old"]);
  await test.context.store.write({ put: { deployments: [{ ...deployment, state: "done", endedAt: 2 }] } });
  await pruneEnvironments(test.context);
  expect(left()).toEqual([]);
});
