import { describe, expect, test } from "vitest";
import { type Command, command } from "./command.ts";
import { Failure } from "./failure.ts";
import { parse } from "./parse.ts";

const logs = command({
  arguments: [{ name: "app", summary: "", many: true }],
  options: {
    follow: { type: "flag", short: "f", summary: "" },
    tail: { type: "number", short: "n", value: "lines", min: 0, max: 100, summary: "" },
    since: { type: "moment", value: "time", summary: "" },
    env: { type: "texts", value: "K=v", summary: "" },
    "dry-run": { type: "flag", summary: "" },
    engine: { type: "text", value: "engine", choices: ["process", "docker"], summary: "" },
  },
  examples: [],
  run: async () => {},
}) as unknown as Command;
const one = { ...logs, arguments: [{ name: "app", summary: "", required: true }] };

const NOW = Date.UTC(2026, 0, 1);
const read = (...words: string[]) => parse("logs", logs, words, NOW);

function refusal(run: () => unknown): Failure {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

test("reads options and arguments in any order, long, short, joined and behind --", () => {
  const { args, options, globals } = read(
    "-fn",
    "5",
    "notes",
    "--dry-run",
    "--env=A=1",
    "--env",
    "B=2",
    "--json",
    "--",
    "-x",
  );
  expect(args).toEqual(["notes", "-x"]);
  expect(options).toMatchObject({
    follow: true,
    tail: 5,
    dryRun: true,
    env: ["A=1", "B=2"],
    since: undefined,
  });
  expect(globals).toEqual({ json: true, quiet: false, yes: false, noColor: false, help: false });
});

test("reads moments as durations before now and as times", () => {
  expect(read("--since", "10m").options.since).toBe(NOW - 600_000);
  expect(read("--since", "2h").options.since).toBe(NOW - 7_200_000);
  expect(read("--since", "2025-12-31T00:00:00Z").options.since).toBe(Date.UTC(2025, 11, 31));
});

describe("refuses with kind usage", () => {
  test.each([
    [["--folow"], "logs has no option --folow", "Did you mean --follow?"],
    [["--jsn"], "logs has no option --jsn", "Did you mean --json?"],
    [["-x"], "logs has no option -x", "See gantry logs --help."],
    [["--__proto__"], "logs has no option --__proto__", "See gantry logs --help."],
    [["--constructor=1"], "logs has no option --constructor", "See gantry logs --help."],
    [["--tail"], "--tail needs a value: --tail lines", undefined],
    [["--tail", "--follow"], "--tail needs a value: --tail lines", undefined],
    [["--tail", "x"], '--tail must be a whole number from 0 to 100, not "x"', undefined],
    [["--tail", "101"], '--tail must be a whole number from 0 to 100, not "101"', undefined],
    [["--tail", "-1"], '--tail must be a whole number from 0 to 100, not "-1"', undefined],
    [["--tail=1e1"], '--tail must be a whole number from 0 to 100, not "1e1"', undefined],
    [["--follow=yes"], "--follow takes no value", undefined],
    [
      ["--since", "yesterday"],
      "--since must be a duration like 10m or a time like 2026-01-31T12:00:00Z",
      undefined,
    ],
    [
      ["--since", "2026-99-99"],
      "--since must be a duration like 10m or a time like 2026-01-31T12:00:00Z",
      undefined,
    ],
    [["--engine", "podman"], "--engine must be one of process, docker", undefined],
  ])("%j", (words, message, hint) => {
    const failure = refusal(() => read(...words));
    expect(failure).toMatchObject({ kind: "usage", message });
    expect(failure.facts.hint).toBe(hint);
  });

  test("too few and too many arguments", () => {
    expect(refusal(() => parse("status", one, [], NOW)).message).toBe("status needs <app>");
    expect(refusal(() => parse("status", one, ["a", "b"], NOW)).message).toBe(
      'status does not know what to do with "b"',
    );
    expect(parse("status", one, ["--help"], NOW).globals.help).toBe(true);
  });
});
