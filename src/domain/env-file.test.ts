import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { envProblem, parseEnvFile, writeEnvFile } from "./env-file.ts";
import { GantryError } from "./errors.ts";

describe("parseEnvFile", () => {
  it("reads what people write", () => {
    const text = [
      "\uFEFF# comment",
      "",
      "A=1",
      "export B = two words  # comment",
      "C='lit $x # \"y\"'",
      'D="a\\nb\\t\\$x \\"q\\" \\\\"',
      "E=",
      "F=#none",
      "G=a#b",
      "H='two",
      "lines'",
      'I="x" # comment',
      "J=a=b=c",
      "  K=v\r",
    ].join("\n");
    expect(parseEnvFile(text, ".env")).toEqual({
      A: "1",
      B: "two words",
      C: 'lit $x # "y"',
      D: 'a\nb\t$x "q" \\',
      E: "",
      F: "",
      G: "a#b",
      H: "two\nlines",
      I: "x",
      J: "a=b=c",
      K: "v",
    });
  });

  it.each([
    ["A=1\n1B=2", 2],
    ["A B=1", 1],
    ["\n\nx", 3],
    ["A='open", 1],
    ['A="a" b', 1],
    ["A-B=1", 1],
    ["A=a\0b", 1],
    ["__proto__=1", 1],
    ["GANTRY_INSTANCE=x", 1],
    [`A=${"x".repeat(200_000)}`, 1],
    ["=x", 1],
  ])("refuses %j in its line", (text, line) => {
    expect(() => parseEnvFile(text, ".env")).toThrow(
      expect.objectContaining({ code: "invalid-manifest", details: expect.objectContaining({ line }) }),
    );
  });

  it("never repeats a value in an error", () => {
    expect(() => parseEnvFile("A='secret", ".env")).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("secret") }),
    );
  });

  const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((name) => name !== "__proto__");
  const value = fc
    .oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[ $#'"\\\n\r\t=a]*$/))
    .filter((text) => !text.includes("\0"));

  it("reads back every value exactly", () => {
    fc.assert(
      fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (env) => {
        expect(parseEnvFile(writeEnvFile(env), ".env")).toEqual(env);
      }),
    );
  });

  it("fails only on purpose, whatever the file holds", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[A= '"#\n\\$]*$/)), (text) => {
        try {
          parseEnvFile(text, ".env");
        } catch (error) {
          if (!(error instanceof GantryError)) throw error;
        }
      }),
    );
  });
});

it("envProblem names what is wrong", () => {
  expect(envProblem("A", "x")).toBeUndefined();
  expect(envProblem("A=B", "x")).toBeDefined();
  expect(envProblem("", "x")).toBeDefined();
});
