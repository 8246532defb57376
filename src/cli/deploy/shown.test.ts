// What other people wrote (messages, names of files, output) is shown and can do nothing.
import { expect, test } from "vitest";
import type { DeploymentView } from "../../domain/deployment-view.ts";
import type { ReleaseView } from "../../domain/release-view.ts";
import { painter } from "../colour.ts";
import { changeLines } from "./change-lines.ts";
import { deploymentRow, describeDeployment } from "./deployment-table.ts";
import { releaseRow } from "./release-table.ts";
import { stageLine } from "./stage-line.ts";

const plain = painter(false);
const NASTY = "a\u001b[2J\u001b]0;x\u0007\nb\u202ec";
/** Neither an escape, nor another line, nor a change of direction. */
const HARM = /[\p{Cc}\u202e]/u;

const stage = {
  stage: "build",
  state: "done",
  startedAt: "2026-01-01T00:00:00.000Z",
  durationMs: 4_321,
} as const;

const deployment: DeploymentView = {
  id: "d_1",
  app: "notes",
  appId: "a_1",
  state: "failed",
  open: false,
  reason: NASTY,
  lastLines: [NASTY.replace("\n", "")],
  diagnostics: [],
  release: null,
  origin: "git",
  start: true,
  actor: NASTY,
  message: NASTY,
  source: NASTY,
  startedAt: stage.startedAt,
  endedAt: stage.startedAt,
  durationMs: 1_000,
  stages: [{ ...stage, message: NASTY }],
};

const release: ReleaseView = {
  number: 3,
  state: "good",
  target: false,
  author: NASTY,
  message: NASTY,
  source: NASTY,
  code: "tree",
  tree: "x",
  size: 2_048,
  createdAt: stage.startedAt,
  buildMs: 850,
  pinned: true,
  deploymentId: null,
  toolchain: "node",
  framework: null,
  run: null,
  entry: null,
};

const now = Date.parse(stage.startedAt) + 5_000;
const texts = (cells: (string | { text: string })[]) =>
  cells.map((cell) => (typeof cell === "string" ? cell : cell.text));

test("in tables, stages and texts", () => {
  for (const text of [...texts(releaseRow(release, now)), ...texts(deploymentRow(deployment, now))])
    expect(text).not.toMatch(HARM);
  for (const line of describeDeployment(deployment, plain, now)) expect(line).not.toMatch(HARM);
});

test("in differences", () => {
  const diff = `--- a\n+++ b\n@@ -1 +1 @@\n-old\n+${NASTY.replace("\n", "")}\n`;
  const lines = changeLines([{ path: NASTY, change: "changed", diff }], plain);
  expect(lines).toHaveLength(6);
  for (const line of lines) expect(line).not.toMatch(HARM);
});

test("a release in a line", () => {
  const calm = { ...release, author: "cli", source: "notes.zip", message: "Faster\nsearch" };
  expect(texts(releaseRow(calm, now))).toEqual([
    "3",
    "good*",
    "5 s ago",
    "cli",
    "850 ms",
    "2.0 KiB",
    "notes.zip",
    "Faster search",
  ]);
});

test.each([
  [{ ...stage, message: null }, "✓ build      4.3 s"],
  [{ ...stage, state: "failed" as const, message: "no luck" }, "✗ build      4.3 s  no luck"],
  [{ ...stage, state: "running" as const, durationMs: null, message: null }, "· build      5.0 s"],
])("a stage in a line", (given, line) => {
  expect(stageLine(given, { paint: plain, now })).toBe(line);
});
