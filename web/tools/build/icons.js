// Draws public/icons/*.png from icon.svg, once whenever that has changed: `npm run icons`.
import { readFile } from "node:fs/promises";
import { chromium } from "@playwright/test";

const folder = new URL("../../public/icons/", import.meta.url);
const svg = await readFile(new URL("icon.svg", folder), "utf8");
// Platforms cut their own shape out of these: no corners of ours, and the drawing within the safe zone.
const full = svg.replace('rx="116"', "").replace("<path", '<g transform="translate(51 51) scale(.8)"><path');
const maskable = full.replace("</svg>", "</g></svg>");

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });
const page = await browser.newPage();
await draw("icon-192.png", svg, 192);
await draw("icon-512.png", svg, 512);
await draw("maskable-512.png", maskable, 512);
await draw("apple-touch-icon.png", maskable, 180);
await browser.close();

async function draw(name, drawing, size) {
  await page.setViewportSize({ width: size, height: size });
  const body = drawing.replace("<svg", `<svg width="${size}" height="${size}" style="display:block"`);
  await page.setContent(`<!doctype html><style>body{margin:0;background:transparent}</style>${body}`);
  await page.screenshot({ path: new URL(name, folder).pathname, omitBackground: true });
}
