// Which ends count, as a table.
import { describe, expect, it } from "vitest";
import { sampleApp, sampleInstance, sampleRelease } from "../../test/helpers/sample-rows.ts";
import { failedTries, lastCrash } from "./crash-history.ts";
import type { Instance } from "./instance.ts";
import type { Launch } from "./release.ts";

const app = { ...sampleApp("a"), targetReleaseId: "r", generation: 2, round: 3 };
const run = (more: Partial<Instance>): Instance =>
  sampleInstance("i", "a", "r", {
    generation: 2,
    round: 3,
    endedAt: 1,
    endReason: "exited",
    exit: { code: 1, signal: null },
    ...more,
  });
const success = { exit: { code: 0, signal: null } };

const TABLE: [string, Partial<Instance>, Partial<Launch>, { crash: boolean; failed: boolean }][] = [
  ["a crash", {}, {}, { crash: true, failed: true }],
  ["of another release", { releaseId: "x" }, {}, { crash: false, failed: false }],
  ["before a restart", { generation: 1 }, {}, { crash: false, failed: false }],
  ["before a deploy or a way back", { round: 2 }, {}, { crash: false, failed: false }],
  ["one that was asked for", { endReason: "stopped" }, {}, { crash: false, failed: false }],
  ["one that was replaced", { endReason: "replaced" }, {}, { crash: false, failed: false }],
  ["one that was not ready in time", { endReason: "unhealthy" }, {}, { crash: true, failed: true }],
  ["one that got lost with a daemon", { endReason: "lost" }, {}, { crash: true, failed: false }],
  ["one that still runs", { endedAt: null, endReason: null }, {}, { crash: false, failed: false }],
  ["the success of a job", success, { listens: "optional" }, { crash: true, failed: false }],
  ["the success of a server", success, { listens: "required" }, { crash: true, failed: true }],
];

describe("the ends of runs", () => {
  it.each(TABLE)("%s", (_name, more, launch, expected) => {
    const base = sampleRelease("r", "a").launch;
    const full: Launch = { ...base, restart: { ...base.restart, policy: "on-failure" }, ...launch };
    const row = run(more);
    expect(lastCrash(app, [row]) !== null).toBe(expected.crash);
    expect(failedTries(app, [row], full).length > 0).toBe(expected.failed);
  });
});
