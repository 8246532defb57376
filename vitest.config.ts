// How tests are found and run: unit and contract tests beside the code, whole-program tests in test/e2e.
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: Math.max(2, Math.min(8, availableParallelism())),
    // Generous: a test fails by what it sees, not because the machine was busy.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts", "bench/**/*.test.ts"],
    exclude: ["**/node_modules/**", "dist/**", "examples/**", "test/fixtures/**"],
  },
});
