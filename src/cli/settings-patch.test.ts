import { expect, test } from "vitest";
import { settingLines } from "./setting-lines.ts";
import { settingsPatch } from "./settings-patch.ts";

test("takes dotted keys in the words of gantry.yaml, and values as they were typed", () => {
  expect(
    settingsPatch([
      "port=8000",
      "health.path=/h",
      "health.interval=5s",
      "enabled=false",
      "domains=a.test, b.test",
      "run=",
    ]),
  ).toEqual({
    port: "8000",
    health: { path: "/h", interval: "5s" },
    enabled: "false",
    domains: "a.test, b.test",
    run: null,
  });
});

test("variables are text, whatever they look like, and may hold dots and equal signs", () => {
  expect(settingsPatch(["env.N=1", "env.a.b=x=y", "env.GONE=", "env.T=true"])).toEqual({
    env: { N: "1", "a.b": "x=y", GONE: null, T: "true" },
  });
});

test.each([["port"], ["=1"], ["__proto__.x=1"], ["health.=1"]])("refuses %s", (word) => {
  expect(() => settingsPatch([word])).toThrow(expect.objectContaining({ kind: "usage" }));
});

test("refuses what is given twice", () => {
  expect(() => settingsPatch(["port=1", "port=2"])).toThrow("is given twice");
  expect(() => settingsPatch(["port=1", "port.x=2"])).toThrow("is given twice");
});

test("shows a configuration in the same words, without the values of variables", () => {
  const config = {
    run: null,
    envFile: ".env",
    env: { SECRET_KEY: "x", camelCase: "y" },
    restart: { delayMs: 200, windowMs: 60_000 },
    stop: { timeoutMs: 10_000 },
    resources: { memoryBytes: 256 * 1024 ** 2, cpu: null },
    dependsOn: ["db", "mail"],
    args: ["--name", "a b"],
    health: { check: { type: "http", path: "/h" } },
  };
  expect([...settingLines(config)].map(([key, text]) => `${key}=${text}`)).toEqual([
    "run=(default)",
    "env_file=.env",
    "env.SECRET_KEY=(set)",
    "env.camelCase=(set)",
    "restart.delay=200ms",
    "restart.window=1m",
    "stop.timeout=10s",
    "resources.memory=256m",
    "resources.cpu=(default)",
    "depends_on=db, mail",
    "args=--name 'a b'",
    "health.path=/h",
  ]);
});
