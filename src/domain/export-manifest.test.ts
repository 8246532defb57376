import fc from "fast-check";
import { expect, it } from "vitest";
import type { AppConfig } from "./app.ts";
import { completeConfig, configDefaults, defaultConfig } from "./config-patch.ts";
import { type Exported, exportManifest } from "./export-manifest.ts";
import type { Check, HealthRule } from "./health.ts";
import { HOOKS, type Hook, type Hooks } from "./hook.ts";
import { parseManifest } from "./manifest.ts";
import { checkAppName, nameFromFolder } from "./name.ts";
import { parseSettings } from "./settings.ts";

const defaults = configDefaults(parseSettings("/home", { GANTRY_MAX_RESTARTS: "7" }));

const anyText = fc.string({ unit: "binary", maxLength: 20 });
const ambiguous = fc.constantFrom(
  "no",
  "22:22",
  "0o17",
  "0x10",
  "1.10",
  "~",
  "null",
  "true",
  "- a",
  "a: b",
  "#x",
  " x",
  "x ",
  "",
  "=",
  "<<",
  "*a",
  "&a",
  "!a",
  "|",
  "'",
  '"',
);
const printable = fc
  .oneof(anyText, ambiguous)
  .map((text) => text.replaceAll(/\p{Cc}/gu, "").trim())
  .filter((text) => text !== "");
const name = fc.oneof(
  anyText.map((text) => checkAppName(nameFromFolder(text))),
  fc.constantFrom("no", "null", "1", "0x10", "1e3", "true"),
);
const ms = fc.integer({ min: 100, max: 3_600_000 });
const check: fc.Arbitrary<Check | null> = fc.oneof(
  fc.constant(null),
  fc.constant<Check>({ type: "tcp" }),
  fc.constant<Check>({ type: "none" }),
  fc.webPath().map((path): Check => ({ type: "http", path: `/x${path.replaceAll("#", "")}` })),
  fc
    .array(
      fc.oneof(ambiguous, anyText).map((word) => word.replaceAll("\0", "")),
      { minLength: 1 },
    )
    .map((argv): Check => ({ type: "command", argv: ["curl", ...argv] })),
);
const health: fc.Arbitrary<HealthRule | null> = fc.option(
  fc.record({
    check,
    intervalMs: ms,
    timeoutMs: ms,
    retries: fc.integer({ min: 1, max: 9 }),
    startPeriodMs: ms,
  }),
);
const hook: fc.Arbitrary<Hook> = fc.oneof(
  fc.record({ run: printable, timeoutMs: fc.constantFrom(1, 60_000, 90_000), shell: fc.constant(true) }),
  fc.constant({ run: "./migrate.sh --all 'a b'", timeoutMs: 60_000, shell: false }),
);
const hooks: fc.Arbitrary<Hooks> = fc
  .dictionary(fc.constantFrom(...HOOKS), hook, { minKeys: 1, noNullPrototype: true })
  .map((found): Hooks => found);
const config: fc.Arbitrary<AppConfig> = fc.record({
  run: fc.option(printable),
  shell: fc.boolean(),
  entry: fc.constant(null),
  args: fc.array(fc.oneof(ambiguous, anyText).map((word) => word.replaceAll("\0", ""))),
  port: fc.constantFrom(null, "auto" as const, "none" as const, 8080),
  host: fc.constantFrom("127.0.0.1", "0.0.0.0", "::1"),
  env: fc.dictionary(
    fc.oneof(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/), fc.constantFrom("no", "null", "y")),
    fc.oneof(ambiguous, anyText).map((text) => text.replaceAll("\0", "")),
    { noNullPrototype: true },
  ),
  envFile: fc.option(fc.constantFrom(".env", "1.10", "no")),
  replicas: fc
    .integer({ min: 1, max: 9 })
    .chain((min) => fc.record({ min: fc.constant(min), max: fc.integer({ min, max: 99 }) })),
  restart: fc.record({
    policy: fc.constantFrom("always", "on-failure", "never"),
    delayMs: ms,
    max: fc.nat(99),
    windowMs: ms,
  }),
  health,
  resources: fc.record({
    cpu: fc.option(fc.integer({ min: 1, max: 100 }).map((n) => n / 8)),
    memoryBytes: fc.option(fc.integer({ min: 2 ** 20, max: 2 ** 40 })),
    pids: fc.option(fc.integer({ min: 1, max: 999 })),
  }),
  dependsOn: fc.constant([]),
  stop: fc.record({ signal: fc.constantFrom("TERM", "INT"), timeoutMs: ms }),
  watch: fc.boolean(),
  domains: fc.uniqueArray(fc.constantFrom("a.test", "b.example.org", "1.example")),
  strategy: fc.constantFrom("auto", "start-first", "stop-first"),
});
const configWithHooks = fc
  .tuple(config, fc.option(hooks, { nil: undefined }))
  .map(([plain, found]): AppConfig => (found === undefined ? plain : { ...plain, hooks: found }));
const app: fc.Arbitrary<Exported> = fc.record({
  name,
  source: printable.map((path) => ({ type: "folder" as const, path: `/${path}` })),
  engine: fc.constant("process" as const),
  config: configWithHooks,
  enabled: fc.boolean(),
});

it("exports what parses back to the same", () => {
  fc.assert(
    fc.property(fc.uniqueArray(app, { minLength: 1, maxLength: 4, selector: (one) => one.name }), (apps) => {
      const drafts = parseManifest(exportManifest(apps, defaults), "gantry.yaml", defaults);
      const back = drafts.map((draft) => ({
        name: draft.name,
        source: { type: "folder", path: draft.path },
        engine: draft.engine,
        config: completeConfig(draft.config, defaults),
        enabled: draft.enabled ?? true,
      }));
      const byName = (list: { name: string | null }[]) =>
        list.toSorted((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
      expect(byName(back)).toEqual(byName(apps));
    }),
    { numRuns: 300 },
  );
});

it("keeps dependencies, and leaves defaults out", () => {
  const plain = {
    source: { type: "folder" as const, path: "/x" },
    engine: "process" as const,
    enabled: true,
  };
  const apps = [
    { ...plain, name: "db", config: defaultConfig(defaults) },
    { ...plain, name: "web", config: { ...defaultConfig(defaults), dependsOn: ["db"] } },
  ];
  expect(exportManifest(apps, defaults)).toBe(
    "apps:\n  db:\n    path: /x\n  web:\n    path: /x\n    depends_on:\n      - db\n",
  );
});

it("says whose code is not in the file", () => {
  const folder: Exported = {
    name: "api",
    source: { type: "folder", path: "/srv/api" },
    engine: "process",
    enabled: true,
    config: defaultConfig(defaults),
  };
  const archive: Exported = { ...folder, name: "blog", source: { type: "archive", filename: "blog.zip" } };
  expect(exportManifest([folder])).not.toContain("#");
  expect(exportManifest([folder, archive])).toMatch(
    /^# Gantry keeps the code of blog: give each a path\.\napps:\n/,
  );
});
