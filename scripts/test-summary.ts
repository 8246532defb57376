// Counts what a whole test run came to, from vitest's JSON report.

export interface VitestReport {
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * A file that could not even be loaded counts as one failure, and so does a run that vitest itself calls failed
 * (`exitStatus` not 0: an unhandled error, a crash without report) although no test did.
 */
export function countTests(report: VitestReport | null, exitStatus: number): TestCounts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    const failedBefore = counts.failed;
    for (const { status } of file.assertionResults) {
      if (status === "passed") counts.passed++;
      else if (status === "failed") counts.failed++;
      else counts.skipped++;
    }
    if (file.status === "failed" && counts.failed === failedBefore) counts.failed++;
  }
  if (counts.failed === 0 && (exitStatus !== 0 || report === null)) counts.failed = 1;
  return counts;
}

/** `N passed, N failed`, and `, N skipped` if any were. */
export function summaryLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
