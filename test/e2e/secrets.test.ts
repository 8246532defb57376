// Promise: variables and secrets reach their own app's processes exactly as they are, and nobody and nothing else.
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inState, processesOfApp } from "../helpers/apps.ts";
import { type CliResult, runCli } from "../helpers/cli.ts";
import { killDaemon } from "../helpers/daemon.ts";
import type { Gantry } from "../helpers/gantry.ts";
import { signal } from "../helpers/processes.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

const SERVER = `
const { createServer } = require("node:http");
createServer((_, answer) => answer.end(JSON.stringify(process.env))).listen(process.env.PORT, process.env.HOST);
`;
const NASTY = ` $PORT \${HOST} "q" 'q' \\n #x\n\tü ✓ \`id\` $(id) %s `;
/** Random, so that it is found wherever it turns up. */
const secret = (): string => `sesame-${Math.random().toString(36).slice(2)}-$PORT "'\\`;

async function withTwoApps(): Promise<Gantry> {
  const gantry = await startGantry();
  const path = join(gantry.folder, "app");
  mkdirSync(path);
  writeFileSync(join(path, "server.js"), SERVER);
  const app = { path, run: `${process.execPath} server.js`, health: { path: "/", interval: "1s" } };
  await gantry.up({ one: app, two: app });
  return gantry;
}

const setSecret = (gantry: Gantry, name: string, value: string): Promise<CliResult> =>
  runCli(["secret", "set", "one", name, "--stdin"], {
    cwd: gantry.folder,
    env: gantry.env,
    input: `${value}\n`,
  });

const environmentOf = async (gantry: Gantry, app: string): Promise<Record<string, string>> =>
  (await ask(gantry.at(app))).json<Record<string, string>>();

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isFile());

const done = ({ code, stderr }: CliResult): void => expect([code, stderr]).toEqual([0, expect.anything()]);

test("each value arrives exactly, in its own app alone; a secret lies and shows nowhere in the clear", async () => {
  const gantry = await withTwoApps();
  const values = { API_KEY: secret(), LD_NOTE: secret(), MALLOC_NOTE: secret() };
  for (const [name, value] of Object.entries(values)) done(await setSecret(gantry, name, value));
  done(await gantry.cli(["env", "set", "one", `NASTY=${NASTY}`, "EMPTY="]));
  expect(await environmentOf(gantry, "one")).not.toHaveProperty("API_KEY");
  expect((await gantry.app("one")).notApplied).toEqual([
    "env.EMPTY",
    "env.NASTY",
    "secrets.API_KEY",
    "secrets.LD_NOTE",
    "secrets.MALLOC_NOTE",
  ]);
  expect((await gantry.cli(["ls"])).stdout).toMatch(/one +running\*.*\ntwo +running /);
  done(await gantry.cli(["restart", "one"]));

  const data = join(gantry.home, "apps", "one", "data");
  expect(await environmentOf(gantry, "one")).toMatchObject({
    ...values,
    NASTY,
    EMPTY: "",
    GANTRY_DATA: data,
  });
  expect(lstatSync(data).mode & 0o777).toBe(0o700);
  expect((await gantry.app("one")).notApplied).toEqual([]);
  expect(Object.keys(await environmentOf(gantry, "two"))).not.toContain("NASTY");
  expect((await gantry.cli(["env", "get", "one", "NASTY"])).stdout).toBe(`${NASTY}\n`);

  const commands = [
    ["status", "one"],
    ["config", "one"],
    ["export"],
    ["events", "one"],
    ["env", "list", "one"],
  ];
  const shown = await Promise.all(
    commands.flatMap((words) => [gantry.cli(words), gantry.cli([...words, "--json"])]),
  );
  const own = new Set(processesOfApp(gantry, "one").map(({ pid }) => pid));
  const others = gantry.processes().filter(({ pid }) => !own.has(pid));
  expect(others.length).toBeGreaterThan(3);
  const open = [
    ...shown.map(({ stdout, stderr }) => stdout + stderr),
    ...gantry.processes().map(({ command }) => command),
    ...others.map(({ pid }) => readFileSync(`/proc/${pid}/environ`, "utf8")),
    ...filesBelow(gantry.home).map((file) => readFileSync(file, "latin1")),
  ].join("\n");
  expect(open).toContain("secret API_KEY set");
  expect(open).not.toContain("sesame-");
});

test("a killed daemon and a crash change nothing; without its key an app says why it can't start", async () => {
  const gantry = await withTwoApps();
  const value = secret();
  done(await setSecret(gantry, "API_KEY", value));
  done(await gantry.cli(["restart", "one"]));
  done(await setSecret(gantry, "API_KEY", "changed"));
  await killDaemon(gantry);
  expect((await gantry.app("one")).notApplied).toEqual(["secrets.API_KEY"]);
  const crash = async () => signal((await gantry.app("one")).pid ?? 0, "SIGKILL");
  const before = (await gantry.app("one")).pid;
  await crash();
  await until("another run", async () => {
    const { pid, state } = await gantry.app("one");
    return state === "running" && pid !== before;
  });
  expect((await environmentOf(gantry, "one")).API_KEY).toBe(value);

  const key = join(gantry.home, "key");
  expect(lstatSync(key).mode & 0o777).toBe(0o600);
  renameSync(key, join(gantry.home, "elsewhere"));
  await crash();
  const reason = `Secrets can't be read: the key file ${key} is missing`;
  const waits = await until("the reason", async () => {
    const app = await gantry.app("one");
    return app.reason === reason && app;
  });
  expect(waits.state).toBe("backing-off");
  const refused = await setSecret(gantry, "OTHER", "x");
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining("earlier secrets of one need it"),
  ]);
  expect((await gantry.app("two")).state).toBe("running");
  renameSync(join(gantry.home, "elsewhere"), key);
  await inState(gantry, "one", "running", 30_000);
  expect((await environmentOf(gantry, "one")).API_KEY).toBe(value);
  done(await gantry.cli(["restart", "one"]));
  expect((await environmentOf(gantry, "one")).API_KEY).toBe("changed");
});
