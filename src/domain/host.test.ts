import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GantryError } from "./errors.ts";
import { checkHost } from "./host.ts";

const refusal = (value: unknown): GantryError => {
  try {
    checkHost(value, "localhost");
  } catch (error) {
    if (error instanceof GantryError) return error;
    throw error;
  }
  throw new Error(`${String(value)} was accepted`);
};

describe("checkHost", () => {
  it.each([
    ["notes.example.org", "notes.example.org"],
    ["Notes.Example.ORG", "notes.example.org"],
    ["notes.example.org.", "notes.example.org"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example"],
    ["db.notes.localhost", "db.notes.localhost"],
    ["1.example", "1.example"],
    [`${"a".repeat(63)}.test`, `${"a".repeat(63)}.test`],
  ])("%s is %s", (given, host) => {
    expect(checkHost(given, "localhost")).toBe(host);
  });

  it.each([
    "",
    ".",
    "*",
    "a..b",
    ".a",
    "a.test..",
    "a_b.test",
    "-a.test",
    "a-.test",
    `${"a".repeat(64)}.test`,
    `${"a.".repeat(127)}test`,
    "127.0.0.1",
    "10.1",
    "0x7f.1",
    "2130706433",
    "[::1]",
    "::1",
    "fe80::1%eth0",
    "a.test:80",
    "a.test:",
    "http://a.test",
    "a.test/x",
    "a test",
    "a.test\n",
    "a.test;",
    "a{b}.test",
    '"a".test',
    "a\0.test",
    "a.test { respond 1 }",
    "a,b.test",
    "a#b",
    "$HOST",
    "`id`.test",
    "localhost",
    "LOCALHOST.",
    "api.localhost",
    "Www.localhost",
    null,
    5,
    [],
    {},
    true,
  ])("refuses %j", (host) => {
    expect(refusal(host).code).toBe("invalid-host");
  });

  it("names the punycode of an international name", () => {
    expect(refusal("bücher.example").hint).toContain("xn--bcher-kva.example");
  });

  it("says that wildcards come later", () => {
    expect(refusal("*.example.org").code).toBe("not-built");
  });

  it("lets nothing through that could break a line of a proxy or DNS file", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        try {
          expect(checkHost(text, "localhost")).toMatch(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
        } catch (error) {
          if (!(error instanceof GantryError)) throw error;
        }
      }),
    );
  });
});
