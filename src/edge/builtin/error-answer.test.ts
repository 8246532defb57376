// What the edge says of an app that can't answer: a sentence in words, and a way out that works.
import { expect, test } from "vitest";
import type { RouteTarget } from "../../domain/route.ts";
import { stillStarting, unavailable } from "./error-answer.ts";

const target = (state: string, reason: string | null = null): RouteTarget => ({
  app: "notes",
  state,
  action: "unavailable",
  upstreams: [],
  staticRoot: null,
  waitMs: 0,
  reason,
});

test.each([
  ["uploaded", null, "notes has no release yet.", "gantry deploy notes builds"],
  ["installed", null, "notes was not started yet.", "gantry start notes starts it."],
  ["stopped", null, "notes is stopped.", "gantry start notes starts it."],
  ["disabled", null, "notes is disabled.", "gantry config notes enabled=true, then gantry start notes."],
  ["failed", "no database", "notes has failed: no database", "gantry status notes tells more"],
])("%s", (state, reason, message, hint) => {
  expect(unavailable(target(state, reason))).toMatchObject({ message, hint: expect.stringContaining(hint) });
});

test.each([
  ["starting", null, "notes is starting and did not become ready in time."],
  ["installing", null, "notes is being built."],
  ["backing-off", "exited with code 1", "notes does not start and is tried again: exited with code 1"],
])("waited in vain for one that is %s", (state, reason, message) => {
  expect(stillStarting(target(state, reason)).message).toBe(message);
});
