// Promise 27: a hung app is replaced, once; probes follow no redirect and never pile up.
import { expect, test } from "vitest";
import { pythonApp } from "../helpers/apps.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { pause, until } from "../helpers/until.ts";

test("an app that hangs is replaced once, and answers again", async () => {
  const gantry = await startGantry();
  const health = { path: "/health", interval: "300ms", timeout: "1s", retries: 2 };
  const [app] = await gantry.up({ py: pythonApp({ health, stop: { timeout: "500ms" } }) });
  await ask({ ...gantry.at("py", "/hang"), timeoutMs: 2000 }).catch(() => null);
  const next = await until("a successor", async () => {
    const now = await gantry.app("py");
    return now.state === "running" && now.pid !== app?.pid && now;
  });
  expect((await ask(gantry.at("py"))).json()).toMatchObject({ pid: next.pid });
  await pause(4000);
  const later = await gantry.app("py");
  expect(later).toMatchObject({ pid: next.pid, state: "running", restarts: 1 });
  const replaced = later.instances.filter(
    (instance) => instance.id !== next.instances[0]?.id && instance.endedAt === null,
  );
  expect(replaced.length).toBeLessThanOrEqual(1);
});
