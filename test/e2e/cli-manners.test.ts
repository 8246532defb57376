// How the command line behaves where there is no daemon, no terminal, no home, no reader, or no sense in what was typed.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Gantry } from "../helpers/gantry.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "bin", "gantry");

describe("without a daemon", () => {
  test.each([
    ["ls"],
    ["status"],
    ["status", "x"],
    ["logs"],
    ["ports"],
    ["events"],
    ["open"],
    ["export"],
    ["health", "x"],
  ])("%j says so, ends with 5 and starts nothing", async (...args) => {
    const gantry = await startGantry();
    const { code, stdout, stderr } = await gantry.cli(args);
    expect([code, stdout, stderr]).toEqual([
      5,
      "",
      "Error: No daemon is running. gantry up starts it, with your apps.\n",
    ]);
    const json = await gantry.cli([...args, "--json"]);
    expect(json.json()).toMatchObject({ error: { code: "daemon-gone", message: "No daemon is running" } });
    expect(readdirSync(gantry.home)).toEqual(["work"]);
  });

  test("help, doctor, completion and down work", async () => {
    const gantry = await startGantry();
    for (const args of [
      [],
      ["--help"],
      ["help", "up"],
      ["logs", "-h"],
      ["--version"],
      ["doctor"],
      ["completion", "bash"],
      ["down"],
    ])
      expect((await gantry.cli(args)).code, args.join(" ")).toBe(0);
  });
});

describe("what makes no sense ends with 2 and one line", () => {
  test.each([
    [["strat"], "Did you mean gantry start?"],
    [["ls", "--jsn"], "Did you mean --json?"],
    [["--frob"], "gantry has no option --frob"],
    [["backup"], "not part of this version"],
    [["dns-setup"], "not part of this version"],
    [["register", ""], "The path is empty"],
    [["up", ""], "The path is empty"],
    [["status", "a", "b"], 'does not know what to do with "b"'],
    [["start"], "needs the name of an app, or --all"],
    [["start", "a", "--all"], "takes either names or --all"],
    [["logs", "--tail", "many"], "--tail must be a whole number"],
    [["register", "--port", "80abc"], "can't be a port"],
    [["register", "./nothing-here"], "does not exist"],
    [["up", "./nothing-here"], "does not exist"],
    [["completion", "tcsh"], "There is no completion"],
    [["\x1b[2Jls"], "There is no command"],
  ])("%j", async (args, words) => {
    const gantry = await startGantry();
    const { code, stdout, stderr } = await gantry.cli(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(words);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).not.toContain("\x1b");
    expect(existsSync(join(gantry.home, "gantry.db"))).toBe(false);
  });
});

test("a home that can't be used, or none, is told in one line", async () => {
  const gantry = await startGantry();
  const below = await gantry.cli(["up"], { env: { GANTRY_HOME: "/dev/null/home" } });
  expect([below.code, below.stderr]).toEqual([
    2,
    "Error: /dev/null/home can't be used: a part of the path is a file, not a folder. Set GANTRY_HOME to a folder that you may write to.\n",
  ]);
  const none = await gantry.cli(["ls"], { env: { GANTRY_HOME: "", HOME: "" } });
  expect([none.code, none.stderr]).toEqual([
    2,
    "Error: Neither GANTRY_HOME nor HOME is set. Set GANTRY_HOME to the folder in which Gantry shall keep its files.\n",
  ]);
});

test("a home too deep for its socket is refused before anything is made", async () => {
  const gantry = await startGantry();
  const deep = join(gantry.home, "d".repeat(60), "e".repeat(60));
  for (const command of ["ls", "up", "serve"]) {
    const { code, stderr } = await gantry.cli([command], { env: { GANTRY_HOME: deep } });
    expect([code, stderr.trimEnd().split("\n").length]).toEqual([2, 1]);
    expect(stderr).toContain("is too long. Set GANTRY_HOME to a shorter path");
  }
  expect(existsSync(join(gantry.home, "d".repeat(60)))).toBe(false);
});

test("a config.yaml that is broken, or none, is told in one line", async () => {
  const gantry = await startGantry();
  const file = join(gantry.home, "config.yaml");
  for (const [make, words] of [
    [() => writeFileSync(file, "port: [1"), "config.yaml: "],
    [() => writeFileSync(file, "prot: 1"), "prot: no such setting"],
    [() => spawnSync("mkfifo", [file]), "config.yaml: it is no file"],
  ] as const) {
    make();
    const { code, stderr } = await gantry.cli(["up"], { env: { GANTRY_HOME: gantry.home } });
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    const error = stderr
      .trimEnd()
      .split("\n")
      .filter((line) => line.startsWith("Error: "));
    expect(error).toHaveLength(1);
    rmSync(file);
  }
});

test("a daemon that can't start says why, and its keeper goes", async () => {
  const gantry = await startGantry();
  const { code, stderr } = await gantry.cli(["up"], { env: { GANTRY_DOMAIN: "No Domain" } });
  expect(code).toBe(2);
  expect(stderr).toContain("Error: GANTRY_DOMAIN: it must be a lower-case domain name");
  await until("the keeper to go", () => gantry.processes().length === 0);
  expect((await gantry.cli(["serve"], { env: { GANTRY_PORT: "80a" } })).code).toBe(2);
});

async function withCounter(): Promise<Gantry> {
  const gantry = await startGantry();
  mkdirSync(join(gantry.folder, "counter"));
  writeFileSync(
    join(gantry.folder, "counter", "count.sh"),
    'i=0; while :; do i=$((i + 1)); printf "line %s \\033[2J\\033]0;title\\007\\n" $i; sleep 0.05; done\n',
  );
  await gantry.up({ counter: { path: "./counter", run: "sh count.sh", port: "none" } });
  return gantry;
}

interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Runs until `until` has seen enough of stdout, then does `then` to the child. */
function runFor(
  gantry: Gantry,
  args: string[],
  until: (out: string) => boolean,
  then: (child: ReturnType<typeof spawn>) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: gantry.folder,
    env: gantry.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const seen = { stdout: "", stderr: "" };
  let done = false;
  const look = () => {
    if (done || !until(seen.stdout + seen.stderr)) return;
    done = true;
    then(child);
  };
  child.stdout.on("data", (bytes) => {
    seen.stdout += bytes;
    look();
  });
  child.stderr.on("data", (bytes) => {
    seen.stderr += bytes;
    look();
  });
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, ...seen })));
}

test("Ctrl-C ends logs -f with 130; a reader that goes away ends it with 0; nothing of an app reaches the terminal raw", async () => {
  const gantry = await withCounter();
  const interrupted = await runFor(
    gantry,
    ["logs", "-f"],
    (out) => out.includes("line 9 "),
    (child) => child.kill("SIGINT"),
  );
  expect([interrupted.code, interrupted.stderr]).toEqual([130, ""]);
  expect(interrupted.stdout).toMatch(/^counter \| line \d+/);
  expect(interrupted.stdout).not.toContain("\x1b");

  const deserted = await runFor(
    gantry,
    ["logs", "counter", "-f"],
    (out) => out !== "",
    (child) => child.stdout?.destroy(),
  );
  expect([deserted.code, deserted.signal, deserted.stderr]).toEqual([0, null, ""]);
});

test("logs -f goes on when the daemon was killed and is back", async () => {
  const gantry = await withCounter();
  const pid = await gantry.daemonPid();
  let before = "";
  const { stdout } = await runFor(
    gantry,
    ["logs", "counter", "-f", "--json"],
    (out) => {
      if (before === "" && out.split("\n").length > 5) {
        before = out;
        process.kill(pid, "SIGKILL");
      }
      return before !== "" && out.split("\n").length > before.split("\n").length + 60;
    },
    (child) => child.kill("SIGINT"),
  );
  const numbers = stdout
    .trimEnd()
    .split("\n")
    .map((line) => Number(/line (\d+)/.exec(JSON.parse(line).text)?.[1]));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
});

test("Ctrl-C during up ends with 130, says what goes on, and it does go on", async () => {
  const gantry = await startGantry();
  mkdirSync(join(gantry.folder, "late"));
  writeFileSync(
    join(gantry.folder, "late", "main.py"),
    "import time; time.sleep(4); import http.server, os\nhttp.server.HTTPServer((os.environ['HOST'], int(os.environ['PORT'])), http.server.SimpleHTTPRequestHandler).serve_forever()\n",
  );
  writeFileSync(
    join(gantry.folder, "gantry.yaml"),
    JSON.stringify({ apps: { late: { path: "./late", run: "python3 main.py", health: { path: "/" } } } }),
  );
  const ended = await runFor(
    gantry,
    ["up"],
    (out) => out.includes("starting"),
    (child) => child.kill("SIGINT"),
  );
  expect(ended.code).toBe(130);
  expect(ended.stderr).toContain("goes on in the background");
  await until("the app to run", async () => (await gantry.app("late")).state === "running");
});

test("a full disk behind stdout is an error, once", async () => {
  const gantry = await startGantry();
  for (const args of [["--help"], ["--help", "--json"], ["completion", "bash"]]) {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
      env: gantry.env,
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect([status, stderr]).toEqual([
      1,
      "Error: stdout can't be written: ENOSPC: no space left on device, write.\n",
    ]);
  }
});

test("tables are neither cut nor coloured when they are piped, also with TERM=dumb", async () => {
  const gantry = await startGantry();
  const name = "a-name-that-is-as-long-as-names-can-be-which-is-63-characters-ok";
  mkdirSync(join(gantry.folder, name.slice(0, 63)));
  await gantry.cli(["register", name.slice(0, 63), "--run", "sleep 1000", "--port", "none"]);
  for (const env of [{}, { TERM: "dumb" }, { COLUMNS: "40" }]) {
    const { stdout } = await gantry.cli(["ls"], { env });
    expect(stdout).toContain(name.slice(0, 63));
    expect(stdout).not.toContain("\x1b");
  }
  expect((await gantry.cli(["ls"], { env: { FORCE_COLOR: "1" } })).stdout).toContain("\x1b[90m");
});
