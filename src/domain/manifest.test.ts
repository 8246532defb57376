import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configDefaults } from "./config-patch.ts";
import { GantryError } from "./errors.ts";
import { parseManifest } from "./manifest.ts";
import { parseSettings } from "./settings.ts";
import { shown } from "./shown.ts";

const defaults = configDefaults(parseSettings("/home", {}));
const parse = (text: string) => parseManifest(text, "gantry.yaml", defaults);
const first = (text: string) => parse(text)[0]!;

function refusal(text: string): GantryError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof GantryError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("a whole manifest", () => {
  it("reads every key", () => {
    const [db, notes] = parse(`
apps:
  db:
  notes:
    path: ./notes
    run: uvicorn main:app
    port: 8000
    enabled: false
    env: { GREETING: hello }
    env_file: .env
    replicas: { min: 1, max: 3 }
    restart: { policy: always, delay: 1s, max: 5, window: 2m }
    health: { path: /health, interval: 5s, timeout: 1s, retries: 2, start_period: 1m }
    resources: { cpu: 0.5, memory: 256m }
    depends_on: [db]
    stop: { signal: SIGINT, timeout: 3s }
    watch: true
    domains: [Notes.example.org]
    strategy: stop-first
`);
    expect(db).toMatchObject({ name: "db", path: ".", config: {}, enabled: null, line: 3 });
    expect(notes).toEqual({
      name: "notes",
      path: "./notes",
      engine: "process",
      enabled: false,
      file: "gantry.yaml",
      line: 4,
      config: {
        run: "uvicorn main:app",
        port: 8000,
        env: { GREETING: "hello" },
        envFile: ".env",
        replicas: { min: 1, max: 3 },
        restart: { policy: "always", delayMs: 1_000, max: 5, windowMs: 120_000 },
        health: {
          check: { type: "http", path: "/health" },
          intervalMs: 5_000,
          timeoutMs: 1_000,
          retries: 2,
          startPeriodMs: 60_000,
        },
        resources: { cpu: 0.5, memoryBytes: 268_435_456, pids: null },
        dependsOn: ["db"],
        stop: { signal: "INT", timeoutMs: 3_000 },
        watch: true,
        domains: ["notes.example.org"],
        strategy: "stop-first",
      },
    });
  });

  it("takes one app at the top level, whose name is its folder's", () => {
    expect(first("run: node a.js")).toMatchObject({ name: null, path: ".", config: { run: "node a.js" } });
    expect(first("name: shop\nentry: main.py:app")).toMatchObject({
      name: "shop",
      config: { entry: "main:app" },
    });
  });

  it("completes sections from the settings", () => {
    expect(first("restart: never").config.restart).toEqual({ ...defaults.restart, policy: "never" });
    expect(first("health: { start_period: 2m }").config.health).toEqual({
      check: null,
      ...defaults.health,
      startPeriodMs: 120_000,
    });
    expect(first("health: /up").config.health?.check).toEqual({ type: "http", path: "/up" });
    expect(first("health: { tcp: true }").config.health?.check).toEqual({ type: "tcp" });
    expect(first("health: { command: \"curl -f 'a b'\" }").config.health?.check).toEqual({
      type: "command",
      argv: ["curl", "-f", "a b"],
    });
    expect(first("replicas: 2").config.replicas).toEqual({ min: 2, max: 2 });
    expect(first("replicas: { max: 4 }").config.replicas).toEqual({ min: 1, max: 4 });
    expect(first("replicas: { min: 4 }").config.replicas).toEqual({ min: 4, max: 4 });
  });

  it("keeps text as written", () => {
    expect(
      first(
        "env: { A: 0x10, B: yes, C: 1.10, D: no, E: 22:22, F: 0o17, G: , H: null, I: 1_000, J: 2026-01-01, K: '007', L: True }",
      ).config.env,
    ).toEqual({
      A: "0x10",
      B: "yes",
      C: "1.10",
      D: "no",
      E: "22:22",
      F: "0o17",
      G: "",
      H: "null",
      I: "1_000",
      J: "2026-01-01",
      K: "007",
      L: "True",
    });
    expect(first("run: 22:22").config.run).toBe("22:22");
    expect(first("env_file: 1.10").config.envFile).toBe("1.10");
    expect(first("args: [1.10, no, 0x1]").config.args).toEqual(["1.10", "no", "0x1"]);
  });

  it("follows aliases and leaves x- keys alone", () => {
    expect(
      parse("x-env: &e { A: b }\napps: { a: { env: *e }, b: { env: *e } }").map((app) => app.config.env),
    ).toEqual([{ A: "b" }, { A: "b" }]);
  });

  it("joins no lines without a shell", () => {
    expect(first("shell: true\nrun: |\n  a\n  b\n").config.run).toBe("a\nb");
    expect(first("run: >\n  a\n  b\n").config.run).toBe("a b");
    expect(refusal("run: |\n  a\n  b\n").message).toContain("several lines");
  });

  it("knows names that exist already", () => {
    const text = "apps: { a: { depends_on: db } }";
    expect(parseManifest(text, "f", { ...defaults, known: ["db"] })).toHaveLength(1);
    expect(refusal(text).message).toContain("db");
  });
});

const WRONG: [text: string, part: string][] = [
  ["", "empty"],
  ["# only a comment", "empty"],
  ["- a", "mapping"],
  ["just text", "mapping"],
  ["apps: []", "gantry.yaml:1:7: it must be a mapping"],
  ["apps: {}", "names no app"],
  ["apps: { a: 5 }", "mapping"],
  ["apps: { App: {} }", 'gantry.yaml:1:9: "App"'],
  ["apps: { api: {} }", "reserved"],
  ["apps: { a: { name: b } }", "calls itself b"],
  ["apps: { a: {} }\nrun: x", "gantry.yaml:2:1: run stands beside apps"],
  ["a:\n  - b: [", "gantry.yaml:2:"],
  ["run: x\nrun: y", 'gantry.yaml:2:1: "run" stands twice (first in line 1)'],
  ["env: { A: 1, A: 2 }", "stands twice"],
  ["run: x\n---\nrun: y", "gantry.yaml:2:1: a second document begins here (after ---)"],
  ["health: { interval: 0s }", "it must be from 100ms to 1d"],
  ["prot: 80", 'gantry.yaml:1:1: unknown key "prot"'],
  ["health: { pth: / }", 'unknown key "pth"'],
  ["__proto__: 1", "unknown key"],
  ["constructor: 1", "unknown key"],
  ["restart: { toString: 1 }", "unknown key"],
  ["port: 0", "gantry.yaml:1:7: 0 can't be a port"],
  ["port: 80abc", "port"],
  ["port: 80.5", "port"],
  ["port: 0x50", "port"],
  ["port: -1", "port"],
  ["port: 65536", "port"],
  ["port: true", "port"],
  ["port: [80]", "must be auto"],
  ["port: 22:22", "port"],
  ["run: [a, b]", "text"],
  ["run: ''", "empty"],
  ['run: "a\\0b"', "not allowed"],
  ["run: a\nentry: main:app", "exclude"],
  ["entry: main:app; id", "no variable"],
  ["enabled: yes", "neither true nor false"],
  ["enabled:", "empty"],
  ["watch: 1", "neither"],
  ["engine: dockr", "not one of"],
  ["host: example.org", "IP address"],
  ["env: [A]", "mapping"],
  ["env: { A: [1] }", "text"],
  ["env: { A-B: 1 }", "name of a variable"],
  ["env: { __proto__: 1 }", "can't be set"],
  ['env: { A: "a\\0b" }', "NUL"],
  [`env: { A: ${"x".repeat(200_000)} }`, "128 KiB"],
  ["replicas: -1", "from 0 to 100"],
  ["replicas: 1000", "from 0 to 100"],
  ["replicas: 1.5", "no whole number"],
  ["replicas: { min: 3, max: 2 }", "greater"],
  ["restart: sometimes", "not one of"],
  ["restart: { delay: 5 }", 'gantry.yaml:1:19: "5" is no duration'],
  ["restart: { window: 0s }", "from 1ms to 30d"],
  ["restart: { max: 1e99 }", "whole number"],
  ["stop: { timeout: 1000000000000s }", "year"],
  ["stop: { signal: STOP }", "no signal"],
  ["health: { path: health }", "no path"],
  ["health: { path: //evil }", "no path"],
  ['health: { path: "/a b" }', "characters"],
  ['health: { path: "/a\\r\\nX: y" }', "not allowed"],
  ["health: { path: /, tcp: true }", "only one"],
  ["health: { command: [] }", "empty"],
  ["health: { timeout: 0s }", "from 10ms to 1h"],
  ["health: 5", "mapping"],
  ["hooks: ./x", "mapping"],
  ["hooks: { prestart: x }", 'gantry.yaml:1:10: unknown key "prestart"'],
  ["hooks: { pre_start: [a] }", "mapping of run, timeout, shell"],
  ["hooks: { pre_start: '' }", "empty"],
  ["hooks: { pre_start: a && b }", "gantry.yaml:1:21: the operator && needs shell: true"],
  ["hooks: { pre_start: { run: 'a > b' } }", "gantry.yaml:1:28: the operator > needs shell: true"],
  ["hooks: { pre_start: { timeout: 5s } }", "run is missing"],
  ["hooks: { pre_start: { run: a, timeout: 0s } }", "from 1ms to 1d"],
  ["hooks: { pre_start: { run: a, retries: 2 } }", 'unknown key "retries"'],
  ["resources: { memory: 256 }", "no size"],
  ["resources: { memory: 1k }", "at least 1m"],
  ["resources: { cpu: 0 }", "from 0.01"],
  ["depends_on: [a, b c]", "can't be an app's name"],
  ["apps: { a: { depends_on: [a] } }", "itself"],
  ["apps: { a: { depends_on: bb }, b: {} }", "does not exist"],
  ["apps: { a: { depends_on: b }, b: { depends_on: c }, c: { depends_on: a } }", "circle: a → b → c → a"],
  ["domains: [a_b.test]", "host name"],
  ["domains: [127.0.0.1]", "IP address"],
  ["run: !foo x", "tag"],
  ["run: !!binary x", "tag"],
  ["a: &a [*a]", "too deeply"],
  ["a: *b", "anchor"],
  ["<<: { run: x }", "merge"],
  ["? [a]\n: b", "key must be"],
  ["---\nrun: a\n---\nrun: b", "document"],
  ["\trun: a", "gantry.yaml:1:"],
  ["a\0b", "not text"],
  [`run: ${"x".repeat(1_100_000)}`, "1 MB"],
  ["[".repeat(100_000), "too deeply"],
  [`${"{a: ".repeat(60)}1${"}".repeat(60)}`, "too deeply"],
];

describe("what is refused, and where", () => {
  it.each(WRONG.map(([text, part]) => [shown(text, 50), part, text]))("%s: %s", (_, part, text) => {
    const error = refusal(text);
    expect(error.code).toBe("invalid-manifest");
    expect(error.message).toContain(part);
    expect(error.message).toMatch(/^gantry\.yaml/);
    expect(error.message.length).toBeLessThan(500);
  });

  it("stops an alias bomb", () => {
    const bomb = Array.from(
      { length: 20 },
      (_, i) => `x-${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]`,
    ).join("\n");
    expect(refusal(`x-0: &a0 [x]\n${bomb}`).message).toContain("too many parts");
  });

  it.each([
    ["apps:\n  a:\n    schedule: { cron: x }", "schedule (gantry.yaml:3:5)"],
    ["engine: docker", "docker (gantry.yaml:1:9)"],
    ["replicas: 0", "zero"],
    ["domains: ['*.example.org']", "wildcard"],
  ])("%s belongs to later work", (text, part) => {
    expect(refusal(text).code).toBe("not-built");
    expect(refusal(text).message).toContain(part);
  });

  it.each([
    ["prot: 80", "port"],
    ["dependsOn: [a]", "depends_on"],
    ["health: { intervall: 1s }", "interval"],
    ["engine: proces", "process"],
    ["strategy: startfirst", "start-first"],
  ])("%s: did you mean %s?", (text, word) => {
    expect(refusal(text).hint).toContain(`Did you mean ${word}?`);
  });

  it("fails only on purpose, whatever the text", () => {
    const fragment = fc.constantFrom(
      "apps",
      "run",
      "env",
      "health",
      ":",
      ": ",
      "\n",
      "  ",
      "- ",
      "{",
      "}",
      "[",
      "]",
      "&a ",
      "*a",
      "!!str ",
      "<<",
      "|",
      ">",
      '"',
      "'",
      "#",
      "~",
      "1",
      "a",
      "path",
      "/x",
      "replicas",
      "port",
      "stop",
      "5s",
      "\t",
      "?",
      ",",
      "%YAML 1.1\n",
      "---\n",
      "...\n",
      "\u2028",
      "\uFEFF",
      "\\",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (source) => {
        try {
          parse(source);
        } catch (error) {
          if (!(error instanceof GantryError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
