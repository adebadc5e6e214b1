import { defineConfig } from "vitest/config";

/** The browser tests: one process and one browser for all, page after page. */
export default defineConfig({
  test: {
    include: ["e2e/**/*.spec.ts"],
    globalSetup: ["e2e/setup.ts"],
    environment: "node",
    pool: "threads",
    isolate: false,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
