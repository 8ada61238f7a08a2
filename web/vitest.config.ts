import { defineConfig } from "vitest/config";

/** Far more than any test takes, also on slow and shared machines. */
const PATIENCE_MS = 120_000;

export default defineConfig({
  test: {
    include: ["src/**/*.test.{ts,tsx}", "tools/build/**/*.test.ts"],
    environment: "node",
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
    // Elsewhere the cases are others each time; what a change is judged by is the same for all.
    setupFiles: process.env.CI ? "tools/build/pinned.ts" : [],
  },
});
