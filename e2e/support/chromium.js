// Debian's Chromium, and the official client for its pages.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { chromium } from "playwright-core";

const manifest = createRequire(import.meta.url).resolve("socket.io-client/package.json");

/** The official client, as pages load it. */
export const BUNDLE = readFileSync(path.join(path.dirname(manifest), "dist/socket.io.js"), "utf8");

export function launchChromium(...args) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync", ...args,
    ],
  });
}
