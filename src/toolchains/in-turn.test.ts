import { expect, it } from "vitest";
import { inTurn } from "./in-turn.ts";

it("lets equal keys wait for each other, also after a failure, and others not", async () => {
  const story: string[] = [];
  const work =
    (name: string, fail = false) =>
    async () => {
      story.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      story.push(`${name} ends`);
      if (fail) throw new Error(name);
      return name;
    };
  const results = await Promise.allSettled([
    inTurn("k", work("a", true)),
    inTurn("k", work("b")),
    inTurn("other", work("c")),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  expect(story.indexOf("b begins")).toBeGreaterThan(story.indexOf("a ends"));
  expect(story.indexOf("c begins")).toBeLessThan(story.indexOf("a ends"));
});
