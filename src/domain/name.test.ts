import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GantryError } from "./errors.ts";
import { checkAppName, nameFromFolder } from "./name.ts";

const refusal = (value: unknown): GantryError => {
  try {
    checkAppName(value);
  } catch (error) {
    if (error instanceof GantryError) return error;
    throw error;
  }
  throw new Error(`${String(value)} was accepted`);
};

describe("checkAppName", () => {
  it.each(["a", "app", "my-app-2", "0", "123", "a".repeat(63), "x--y"])("accepts %s", (name) => {
    expect(checkAppName(name)).toBe(name);
  });

  it.each([
    "",
    "a".repeat(64),
    "a".repeat(10_000),
    "../x",
    "-rf",
    "x-",
    "$(id)",
    "a b",
    "a.b",
    "a_b",
    "a/b",
    "a\n",
    "a\0",
    "\u200b",
    "a\u200b",
    "__proto__",
    "App",
    "äpp",
    "аpp",
    "a\u202eb",
    null,
    undefined,
    5,
    true,
    [],
    {},
    ["app"],
  ])("refuses %j", (name) => {
    expect(refusal(name).code).toBe("invalid-name");
    expect(refusal(name).message).not.toMatch(/[\p{Cc}\u200b\u202e]/u);
    expect(refusal(name).message.length).toBeLessThan(200);
  });

  it.each(["api", "admin", "www", "localhost", "gantry"])("keeps %s for Gantry", (name) => {
    expect(refusal(name).code).toBe("reserved-name");
  });

  it("suggests the lower-case form", () => {
    expect(refusal("App").hint).toContain("Use app,");
    expect(refusal("My App").hint).toContain("Use my-app,");
  });
});

describe("nameFromFolder", () => {
  it.each([
    ["/srv/My App_2", "my-app-2"],
    ["notes/", "notes"],
    ["C:\\work\\Shop", "shop"],
    ["/", "app"],
    ["../..", "app"],
    ["/x/api", "api-app"],
    ["Größe", "gro-e"],
    ["日本", "app"],
    [`${"a".repeat(62)}-b`, "a".repeat(62)],
  ])("%s becomes %s", (path, name) => {
    expect(nameFromFolder(path)).toBe(name);
  });

  it("always gives a name that is accepted", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (path) => {
        expect(checkAppName(nameFromFolder(path))).toBe(nameFromFolder(path));
      }),
    );
  });
});
