import { expect, test } from "vitest";
import { countTests, summaryLine } from "./test-summary.ts";

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});

test("counts each test once and names skipped ones only when there are some", () => {
  const report = {
    testResults: [file("failed", "passed", "failed"), file("passed", "passed", "pending", "todo")],
  };
  expect(summaryLine(countTests(report, 1))).toBe("2 passed, 1 failed, 2 skipped");
  expect(summaryLine({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
});

test("a file that could not be loaded is a failure", () => {
  expect(countTests({ testResults: [file("failed"), file("passed", "passed")] }, 1)).toMatchObject({
    failed: 1,
  });
});

test("a run that failed without a failing test, or left no report, is a failure", () => {
  expect(countTests({ testResults: [file("passed", "passed")] }, 1)).toMatchObject({ passed: 1, failed: 1 });
  expect(countTests(null, 0)).toMatchObject({ failed: 1 });
});
