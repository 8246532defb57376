import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AppConfig } from "./app.ts";
import { configDefaults, defaultConfig, mergeConfig } from "./config-patch.ts";
import { GantryError } from "./errors.ts";
import { readApp } from "./manifest-app.ts";
import { inputFromJson } from "./manifest-json.ts";
import { parseSettings } from "./settings.ts";

const defaults = configDefaults(parseSettings("/home", {}));
const base = { ...defaultConfig(defaults), run: "node a.js", env: { A: "1", B: "2" } };

const readAppInput = (body: unknown) => readApp(inputFromJson(body), { domain: "localhost" });

function refusal(act: () => unknown): GantryError {
  try {
    act();
  } catch (error) {
    if (error instanceof GantryError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("mergeConfig", () => {
  it("sets and removes hooks one by one; without any there is no such field", () => {
    const set = (config: AppConfig, hooks: unknown) =>
      mergeConfig(config, readAppInput({ hooks }).config, defaults);
    const one = set(base, {
      pre_start: "./a.sh 'b c'",
      post_stop: { run: "x | y", timeout: "5m", shell: true },
    });
    expect(one.hooks).toEqual({
      pre_start: { run: "./a.sh 'b c'", timeoutMs: 60_000, shell: false },
      post_stop: { run: "x | y", timeoutMs: 300_000, shell: true },
    });
    expect(set(base, one.hooks)).toEqual(one);
    const two = set(one, { pre_start: null, preDeploy: { run: "b", timeoutMs: 5 } });
    expect(Object.keys(two.hooks ?? {})).toEqual(["post_stop", "pre_deploy"]);
    expect(set(two, { post_stop: null, pre_deploy: null })).toEqual(base);
    expect(set(two, null)).toEqual(base);
    expect("hooks" in set(two, null)).toBe(false);
  });

  it("changes what is named and nothing else", () => {
    const patch = readAppInput({
      run: null,
      port: "auto",
      env: { A: null, C: "x=y" },
      args: "--a 'b c'",
      replicas: { min: 2 },
      restart: { max: 3 },
      health: { path: "/h" },
      depends_on: ["db"],
    });
    expect(mergeConfig(base, patch.config, defaults)).toEqual({
      ...base,
      run: null,
      port: "auto",
      env: { B: "2", C: "x=y" },
      args: ["--a", "b c"],
      replicas: { min: 2, max: 2 },
      restart: { ...base.restart, max: 3 },
      health: { check: { type: "http", path: "/h" }, ...defaults.health },
      dependsOn: ["db"],
    });
  });

  it("resets to the default with null", () => {
    const some = { health: { path: "/h" }, restart: { max: 3 }, watch: true, stop: { signal: "INT" } };
    const changed = mergeConfig(base, readAppInput(some).config, defaults);
    const reset = { health: { path: null }, restart: { max: null }, watch: null, stop: null, env: null };
    expect(mergeConfig(changed, readAppInput(reset).config, defaults)).toEqual({ ...base, env: {} });
  });
});

describe("a JSON body", () => {
  it("takes the manifest's keys and the app's own JSON", () => {
    expect(readAppInput({ env_file: ".env", depends_on: ["a"] }).config).toEqual(
      readAppInput({ envFile: ".env", dependsOn: ["a"] }).config,
    );
    const config = {
      ...base,
      port: 8000,
      resources: { cpu: 0.5, memoryBytes: 2 ** 28, pids: null },
      health: { check: { type: "command" as const, argv: ["a", "b"] }, ...defaults.health },
      domains: ["a.test"],
    };
    const patch = readAppInput(JSON.parse(JSON.stringify(config)));
    expect(mergeConfig(defaultConfig(defaults), patch.config, defaults)).toEqual(config);
  });

  it.each([{ type: "http", path: "/x" }, { type: "tcp" }, { type: "none" }])(
    "reads the check %j",
    (check) => {
      expect(readAppInput({ health: { check } }).config.health).toEqual({ check });
    },
  );

  it.each([
    [{ name: 5 }, "name"],
    [{ name: "App" }, "name"],
    [{ port: true }, "port"],
    [{ port: 80.5 }, "port"],
    [{ port: 0 }, "port"],
    [{ port: "80abc" }, "port"],
    [{ enabled: "true" }, "enabled"],
    [{ env: { A: 1 } }, "env.A"],
    [{ env: [] }, "env"],
    [{ run: 5 }, "run"],
    [{ run: ["a"] }, "run"],
    [{ replicas: "2" }, "replicas"],
    [{ restart: { delayMs: "5" } }, "restart.delayMs"],
    [{ restart: { delayMs: -1 } }, "restart.delayMs"],
    [{ health: { check: {} } }, "health.check"],
    [{ args: "a b" }, undefined],
    [{ depends_on: "a" }, "depends_on"],
    [{ domains: ["*"] }, "domains.0"],
    [{ unknown: 1 }, "unknown"],
    [JSON.parse('{"__proto__": {"a": 1}}'), "__proto__"],
    [[], ""],
    [null, ""],
    ["x", ""],
    [5, ""],
  ])("%j", (body, field) => {
    if (field === undefined) expect(readAppInput(body).config).toEqual({ args: ["a", "b"] });
    else expect(refusal(() => readAppInput(body)).details.field).toMatch(field);
  });

  it("fails only on purpose, whatever the body", () => {
    const key = fc.constantFrom(
      "name",
      "run",
      "env",
      "health",
      "check",
      "type",
      "path",
      "replicas",
      "min",
      "restart",
      "delayMs",
      "memoryBytes",
      "resources",
      "stop",
      "port",
      "__proto__",
      "args",
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue(),
        fc.array(tie("any"), { maxLength: 3 }),
        fc.dictionary(key, tie("any"), { maxKeys: 4 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (body) => {
        try {
          readAppInput(body);
        } catch (error) {
          if (!(error instanceof GantryError)) throw error;
        }
      }),
    );
  });
});
