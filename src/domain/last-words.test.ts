import { expect, it } from "vitest";
import { lastWords } from "./last-words.ts";

const NODE = [
  "node:internal/modules/cjs/loader:1386",
  "  throw err;",
  "  ^",
  "",
  "Error: Cannot find module './missing'",
  "Require stack:",
  "- /app/server.js",
  "    at Function._resolveFilename (node:internal/modules/cjs/loader:1383:15) {",
  "  code: 'MODULE_NOT_FOUND',",
  "}",
  "",
  "Node.js v24.0.0",
];
const PYTHON = [
  "Traceback (most recent call last):",
  '  File "main.py", line 3, in <module>',
  "    key = os.environ['STRIPE_API_KEY']",
  "KeyError: 'STRIPE_API_KEY'",
];

it.each([
  ["Python", PYTHON, "KeyError: 'STRIPE_API_KEY'"],
  ["Node", NODE, "Error: Cannot find module './missing'"],
  ["Node, without their head", [...NODE.slice(6), ""], "code: 'MODULE_NOT_FOUND',"],
  ["a shell", ["starting", "./run.sh: 3: foo: not found", ""], "./run.sh: 3: foo: not found"],
  [
    "Go",
    ["panic: runtime error: index out of range", "", "goroutine 1 [running]:", "main.main()"],
    "panic: runtime error: index out of range",
  ],
  [
    "gunicorn",
    ["[2026-11-20] [7] [ERROR] Reason: Worker failed to boot."],
    "[2026-11-20] [7] [ERROR] Reason: Worker failed to boot.",
  ],
])("finds the fault in the last words of %s", (_name, lines, expected) => {
  expect(lastWords(lines)).toBe(expected);
});

it("has nothing to say of silence, and cuts what is too long", () => {
  expect(lastWords([])).toBeNull();
  expect(lastWords(["", "  "])).toBeNull();
  expect(lastWords(["x".repeat(5_000)])).toHaveLength(200);
});
