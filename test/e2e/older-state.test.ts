// Promise 25: what an older Gantry has left is taken over, and nothing of it is lost.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import type { AppView } from "../../src/domain/app-view.ts";
import { FIXTURES, type Gantry } from "../helpers/gantry.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

const STATE = join(FIXTURES, "../states/0001-first.sql");

/** Puts the state of an older Gantry in place, before any daemon has run. */
function leave(gantry: Gantry): void {
  for (const [file, text] of [
    ["site/index.html", "<p>hi</p>"],
    ["shop/server.js", 'require("http").createServer((q, r) => r.end("ok")).listen(process.env.PORT);'],
  ] as const) {
    mkdirSync(join(gantry.folder, file, ".."), { recursive: true });
    writeFileSync(join(gantry.folder, file), text);
  }
  const paths = { FOLDER: gantry.folder, HOME: gantry.home, PROGRAM: "/nowhere", NODE: process.execPath };
  const sql = Object.entries(paths).reduce(
    (text, [name, path]) => text.replaceAll(`@${name}@`, path),
    readFileSync(STATE, "utf8"),
  );
  const database = new DatabaseSync(join(gantry.home, "gantry.db"), {
    // The dump makes its tables in the order of their names.
    enableForeignKeyConstraints: false,
  });
  database.exec(sql);
  database.close();
}

test("the state of schema 1 is taken over: apps, releases and events go on where they were", async () => {
  const gantry = await startGantry();
  leave(gantry);
  expect((await gantry.cli(["start", "--all"])).code).toBe(0);
  const { apps } = (await gantry.api("GET", "/api/apps")).json<{ apps: AppView[] }>();
  expect(apps.map(({ name, state, release }) => [name, state, release])).toEqual([
    ["shop", "running", 1],
    ["site", "running", 1],
  ]);
  expect(apps[0]).toMatchObject({ code: "live", draft: null, secrets: [], notApplied: [] });
  await until("the edge", async () => (await ask(gantry.at("shop"))).text === "ok");
  expect((await ask(gantry.at("site"))).text).toBe("<p>hi</p>");
  expect((await gantry.cli(["env", "get", "shop", "GREETING"])).stdout.trim()).toBe("hello");
  const told = await ask({
    path: "/api/events?limit=1000",
    socketPath: join(gantry.home, "gantry.sock"),
    headers: { accept: "application/json" },
  });
  const { events } = told.json<{ events: { id: number; type: string }[] }>();
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter(({ type }) => type === "app.registered")).toHaveLength(3);
  expect((await gantry.cli(["undelete", "old"])).code).toBe(0);
  // What is new works on it, too.
  const deployed = await gantry.cli(["deploy", "shop", "--json"]);
  expect([deployed.code, deployed.json<{ release: number }>().release]).toEqual([0, 2]);
  expect((await gantry.cli(["rollback", "shop", "1"])).code).toBe(0);
  expect((await ask(gantry.at("shop"))).text).toBe("ok");
});
