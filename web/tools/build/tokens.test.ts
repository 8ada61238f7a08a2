import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("../../src/styles/tokens.css", import.meta.url), "utf8");
const tokens = new Map<string, { light: string; dark: string }>();
for (const [, name, value] of css.matchAll(/--([\w-]+): (light-dark\([^;]+\)|#\w{6});/g)) {
  const [light, dark = light] = value?.match(/#\w{6}/g) ?? [];
  if (name && light && dark) tokens.set(name, { light, dark });
}

/** Of WCAG 2.2: from 1 to 21. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function check(front: string, backs: string[], least: number) {
  for (const back of backs) {
    for (const theme of ["light", "dark"] as const) {
      const colours = [tokens.get(front)?.[theme], tokens.get(back)?.[theme]];
      const ratio = contrast(colours[0] ?? "", colours[1] ?? "");
      expect(ratio, `${front} on ${back}, ${theme}`).toBeGreaterThanOrEqual(least);
    }
  }
}

const GROUNDS = ["canvas", "surface", "raised", "sunken", "hover", "selected"];
const BUBBLES = ["bubble-own", "bubble-other"];

test("texts can be read on every ground", () => {
  check("ink", [...GROUNDS, ...BUBBLES], 7);
  check("muted", [...GROUNDS, ...BUBBLES], 4.5);
  check("accent", [...GROUNDS, "accent-soft"], 4.5);
  check("danger", ["surface", "raised", "danger-soft"], 4.5);
});

test("texts can be read on what is filled", () => {
  check("on-accent", ["accent", "accent-hover"], 4.5);
  check("on-danger", ["danger"], 4.5);
  check("on-badge-quiet", ["badge-quiet", ...[...Array(8).keys()].map((hue) => `avatar-${hue}`)], 4.5);
  check("warning", ["warning-soft"], 4.5);
});

test("what is no text can be told from what is around it", () => {
  check("line-strong", ["surface", "raised", "sunken"], 3);
  check("online", ["surface"], 3);
  check("away", ["surface"], 3);
  check("tick-read", BUBBLES, 3);
});
