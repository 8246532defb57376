import { describe, expect, test } from "vitest";
import { ERRORS, type ErrorCode, GantryError } from "../domain/errors.ts";
import { HttpProblem, problem } from "./problem.ts";

const logged: unknown[] = [];
const note = (message: string, details?: unknown) => void logged.push([message, details]);
const log = { debug: note, info: note, warn: note, error: note };
const answer = (error: unknown) => problem(error, log);

describe("problem", () => {
  test.each([
    ["invalid-name", 422],
    ["app-missing", 404],
    ["name-taken", 409],
    ["stale", 412],
    ["denied", 403],
    ["database-locked", 503],
    ["disk-full", 507],
    ["engine-unavailable", 503],
  ] as [ErrorCode, number][])("answers %s with %i", (code, status) => {
    expect(answer(new GantryError(code))).toMatchObject({ status, document: { error: { code } } });
  });

  test("has a status for every code, and a 500 for none of them", () => {
    for (const code of Object.keys(ERRORS) as ErrorCode[]) {
      const { status } = answer(new GantryError(code));
      expect([code, status >= 400 && status !== 500]).toEqual([code, true]);
    }
    expect(logged).toEqual([]);
  });

  test("tells when to try again exactly where that helps", () => {
    expect(answer(new GantryError("database-locked")).headers).toEqual({ "retry-after": "1" });
    expect(answer(new GantryError("disk-full")).headers).toEqual({});
  });

  test("names field and hint", () => {
    const error = new GantryError("invalid-input", { reason: "port: no", field: "port", hint: "Say auto." });
    expect(answer(error).document).toEqual({
      error: { code: "invalid-input", message: "port: no", field: "port", hint: "Say auto." },
    });
    expect(answer(new HttpProblem("wrong-type", { expected: "application/json" })).document.error.hint).toBe(
      "Send application/json.",
    );
  });

  test("hides everything unexpected behind an id that the log knows", () => {
    for (const error of [
      new TypeError("secret"),
      "secret",
      null,
      { statusCode: 400, code: "FST_X", message: "secret" },
    ]) {
      const { status, document } = answer(error);
      expect([status, document.error.code]).toEqual([500, "internal"]);
      expect(JSON.stringify(document)).not.toContain("secret");
      expect(logged.at(-1)).toMatchObject(["unexpected error", { id: document.error.id }]);
    }
  });
});
