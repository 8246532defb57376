// What a compose file beside an app publishes: shown at registration, in the diff of `update`, and in the ledger of ports.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { freePort } from "../../test/helpers/serve-build.ts";
import { until } from "../../test/helpers/until.ts";
import type { App } from "../domain/app.ts";
import { listPorts } from "./list-ports.ts";
import { registerApp } from "./register-app.ts";
import { rescanApp } from "./rescan-app.ts";

const COMPOSE = `services:
  db: { image: postgres, ports: ["\${DB_PORT:-5432}:5432", "53:53/udp"] }
  cache: { image: redis }
`;
let test: TestApi;
let dir = "";
let count = 0;
beforeAll(async () => {
  test = await createTestApi();
});
afterAll(() => test.end());
beforeEach(() => {
  dir = join(test.home, `site-${++count}`);
  mkdirSync(dir);
  writeFileSync(join(dir, "index.html"), "x");
  writeFileSync(join(dir, "compose.yaml"), COMPOSE);
});

const app = (name: string): App => test.context.store.apps.byName(name)!;
const register = (name: string, config = {}) =>
  registerApp(test.context, { path: dir, name, config }, "test");
const rescan = (name: string, apply = false) =>
  rescanApp(test.context, app(name), { apply, force: false }, "test");

/** Waits for the release that the last request builds. */
async function built(name: string): Promise<void> {
  await until("the build", () => test.context.store.deployments.ofApp(app(name).id).at(-1)?.state === "done");
}

async function build(name: string): Promise<void> {
  await test.context.builder.request(app(name), { start: false, actor: "test" });
  await built(name);
}

describe("the compose file in an app's folder", () => {
  it("is told of at registration", async () => {
    const { detection } = await register("told");
    expect(detection.evidence.at(-1)).toBe("compose.yaml: db publishes 5432; cache publishes nothing");
  });

  it("is compared with what the release knew", async () => {
    await register("compared");
    await build("compared");
    expect((await rescan("compared")).changes).toEqual([]);
    writeFileSync(join(dir, ".env"), "DB_PORT=5433\n");
    writeFileSync(join(dir, "compose.yaml"), COMPOSE.replace("cache", "mail"));
    const changes = [
      { field: "compose.db", from: "publishes 5432", to: "publishes 5433" },
      { field: "compose.cache", from: "publishes nothing", to: null },
      { field: "compose.mail", from: null, to: "publishes nothing" },
    ];
    expect(await rescan("compared", true)).toMatchObject({ changes, applied: true });
    await built("compared");
    expect((await rescan("compared")).changes).toEqual([]);
    rmSync(join(dir, "compose.yaml"));
    expect((await rescan("compared")).changes.map(({ to }) => to)).toEqual([null, null]);
  });

  it("has its ports in the ledger, and in conflict with another app's fixed one", async () => {
    const port = await freePort();
    writeFileSync(join(dir, ".env"), `DB_PORT=${port}\n`);
    await register("published");
    await build("published");
    const own = () => listPorts(test.context, { app: app("published") });
    expect(own()).toMatchObject([{ port, kind: "compose", app: "published", conflict: null }]);
    await register("same", { port });
    const conflict =
      "same has it, but published publishes it with its compose file; free it: gantry config same port=auto";
    expect(own()).toMatchObject([{ conflict }]);
    expect(listPorts(test.context, { app: app("same") })).toMatchObject([{ kind: "fixed", conflict }]);
    const { text } = await test.local("GET", "/api/ports");
    expect(text).toContain('"kind":"compose"');
  });

  it("may publish what its own app has", async () => {
    const port = await freePort();
    await register("both", { port });
    writeFileSync(join(dir, "compose.yaml"), `services: { web: { ports: ['${port}:80'] } }`);
    await build("both");
    const ports = listPorts(test.context, { app: app("both") });
    expect(ports.map(({ kind, conflict }) => [kind, conflict])).toEqual([
      ["fixed", null],
      ["compose", null],
    ]);
  });

  it.each([
    ["a broken one", () => writeFileSync(join(dir, "compose.yaml"), "services: ["), /^compose\.yaml:1/],
    [
      "a FIFO",
      () => {
        rmSync(join(dir, "compose.yaml"));
        execFileSync("mkfifo", [join(dir, "compose.yaml")]);
      },
      /^index\.html/,
    ],
  ])("stops nobody when it is %s", async (_name, act, evidence) => {
    act();
    expect((await register(`stops-${count}`)).detection.evidence.at(-1)).toMatch(evidence);
  });
});
