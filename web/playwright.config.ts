import { defineConfig } from "@playwright/test";

/** All patience is 30 s, for slow and shared machines. */
const PATIENCE_MS = 30_000;

export default defineConfig({
  testDir: "e2e",
  // They measure for minutes and judge nothing: for `make web-report`.
  testIgnore: process.env.FIGURES ? [] : ["figures.spec.ts", "vitals.spec.ts"],
  workers: 2,
  // Of a whole story: each of its steps has its own, so what hangs is seen long before.
  timeout: 40 * PATIENCE_MS,
  expect: { timeout: PATIENCE_MS, toPass: { timeout: 6 * PATIENCE_MS } },
  forbidOnly: Boolean(process.env.CI),
  // Reported as flaky, which is a bug to be mended; but a landing doesn't wait for it.
  retries: process.env.CI ? 1 : 0,
  reporter: "list",
  use: {
    actionTimeout: PATIENCE_MS,
    navigationTimeout: PATIENCE_MS,
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
