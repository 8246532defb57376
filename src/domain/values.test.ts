import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";
import { checkEntry } from "./entry.ts";
import { GantryError } from "./errors.ts";
import { checkPort } from "./port.ts";
import { formatSize, parseSize } from "./size.ts";

describe("checkPort", () => {
  it.each([
    ["auto", "auto"],
    ["none", "none"],
    [1, 1],
    [65_535, 65_535],
    ["8080", 8080],
  ])("%j is %j", (given, port) => {
    expect(checkPort(given)).toBe(port);
  });

  it.each([
    0,
    -1,
    65_536,
    80.5,
    Number.NaN,
    Infinity,
    "80abc",
    "80.5",
    " 80",
    "0x50",
    "1e3",
    "080",
    "-1",
    "",
    "８０",
    true,
    null,
    [80],
    {},
    1e21,
  ])("refuses %j", (port) => {
    expect(() => checkPort(port)).toThrow(expect.objectContaining({ code: "invalid-port" }));
  });
});

describe("durations", () => {
  it.each([
    ["200ms", 200],
    ["10s", 10_000],
    ["5m", 300_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
    ["1.5s", 1_500],
    ["0s", 0],
  ])("%s is %i ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    "",
    "5",
    "-1s",
    "1 s",
    "1S",
    "s",
    "1.s",
    "1e3s",
    "0.0001s",
    "1000000000000s",
    `${"9".repeat(40)}s`,
    "1h30m",
  ])("refuses %j", (text) => {
    expect(() => parseDuration(text)).toThrow(GantryError);
  });

  it("reads back what it writes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 31_536_000_000 }),
        (ms) => parseDuration(formatDuration(ms)) === ms,
      ),
    );
  });
});

describe("sizes", () => {
  it.each([
    ["512k", 524_288],
    ["256m", 268_435_456],
    ["1g", 2 ** 30],
    ["1.5G", 1.5 * 2 ** 30],
    ["10MB", 10 * 2 ** 20],
    ["1GiB", 2 ** 30],
    ["7b", 7],
  ])("%s is %i bytes", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(["", "256", "-1m", "m", "1 g", "1x", "99999999t"])("refuses %j", (text) => {
    expect(() => parseSize(text)).toThrow(GantryError);
  });

  it("reads back what it writes", () => {
    fc.assert(fc.property(fc.maxSafeNat(), (bytes) => parseSize(formatSize(bytes)) === bytes));
  });
});

describe("checkEntry", () => {
  it.each([
    ["main:app", "main:app"],
    ["pkg.sub.mod:api.app", "pkg.sub.mod:api.app"],
    ["os:system", "os:system"],
    ["main.py:app", "main:app"],
    ["./src/main.py:app", "src.main:app"],
    ["main:create_app()", "main:create_app()"],
  ])("%s is %s", (given, entry) => {
    expect(checkEntry(given)).toBe(entry);
  });

  it.each([
    "",
    "main",
    "main.py",
    ":app",
    "main:",
    "main:app; id",
    "main:app\n",
    "-m:app",
    "--x:y",
    "../main.py:app",
    "/abs/main.py:app",
    "a..b:app",
    "main:app:x",
    "main:1x",
    "ma in:app",
    "main:app()x",
    "main:$(id)",
    `${"a".repeat(500)}:app`,
    null,
    1,
    {},
  ])("refuses %j", (entry) => {
    expect(() => checkEntry(entry)).toThrow(expect.objectContaining({ code: "invalid-entry" }));
  });
});
