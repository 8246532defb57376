// Promise 18: clients that never finish their requests keep nobody else out, neither from the apps nor from the dashboard.
import { expect, test } from "vitest";
import { nodeApp } from "../helpers/apps.ts";
import { descriptorsOf } from "../helpers/processes.ts";
import { agent, ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { trickle } from "../helpers/trickle.ts";
import { until } from "../helpers/until.ts";

test("2,500 trickling clients at the edge and as many at the dashboard", async () => {
  const gantry = await startGantry();
  await gantry.up({ js: nodeApp() });
  const { port, httpPort } = gantry.ports;
  const [edge, dashboard] = await Promise.all([
    trickle(httpPort, { host: `js.localhost:${httpPort}`, count: 2_500 }),
    trickle(port, { host: `127.0.0.1:${port}`, count: 2_500 }),
  ]);
  const daemon = await gantry.daemonPid();
  let looks = 0;
  await until("the dashboard's port to be full, and to stay so", () => {
    looks = descriptorsOf(daemon) > 2_000 ? looks + 1 : 0;
    return looks > 40;
  });
  const health = { port, path: "/health", headers: { host: `127.0.0.1:${port}` } };
  for (let round = 0; round < 30; round++)
    for (const question of [gantry.at("js"), health])
      expect((await ask({ ...question, agent: agent(false) })).status).toBe(200);
  for (const slow of [edge, dashboard]) slow.end();
  expect((await gantry.app("js")).state).toBe("running");
});
