import { expect, it } from "vitest";
import { buildFailed } from "./build-step.ts";

it("has no lines where nothing was printed", () => {
  expect(buildFailed("it is broken").details).toEqual({ reason: "it is broken" });
  expect(buildFailed("it is broken", ["a", "b"]).details.lines).toBe("a\nb");
});
