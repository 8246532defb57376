// What an app is called that nobody wants to run, after a deploy that failed.
import { expect, test } from "vitest";
import { facts } from "../../test/helpers/facts.ts";
import { sampleApp, sampleDeployment } from "../../test/helpers/sample-rows.ts";
import { appState } from "./state.ts";

const failed = { ...sampleDeployment("d", "a"), state: "failed" as const, start: true };

test.each([
  ["it never served", { goodReleaseId: null }, "failed"],
  ["an older release was good, and it was stopped since", { goodReleaseId: "r_1" }, "stopped"],
])("%s", (_, change, state) => {
  const app = { ...sampleApp("a"), wanted: false, enabled: true, lastStartedAt: 1, ...change };
  expect(appState(app, facts({ wanted: false }), failed)).toBe(state);
});
