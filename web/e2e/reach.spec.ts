/** For who uses keys, or sets texts wider, or wants things to keep still. */

import { Client } from "./support/client";
import { sticksOut } from "./support/overflow";
import { AREAS } from "./support/screens/areas";
import { tooSmall } from "./support/targets";
import { DESKTOP, expect, PHONE, test } from "./support/test";
import { preferring, signIn, tour } from "./support/tour";
import { words } from "./support/words";
import { inhabited } from "./support/world";

const place = inhabited();
const say = words("en");
/** Menus find their place a moment after their texts have grown. */
const softly = expect.configure({ soft: true, timeout: 10_000 });

for (const area of AREAS) {
  test(`fingers find what they look for, and texts may be set wider: ${area.name}`, async ({ device }) => {
    const phone = await device({ ...PHONE, ...preferring(place.url, { locale: "en" }) });
    await tour(phone, area, {
      ...place.tour,
      say,
      look: async (page, { name }) => {
        expect.soft(await page.evaluate(tooSmall), name).toEqual([]);
        await page.evaluate(spreadTexts);
        await softly.poll(() => page.evaluate(sticksOut), name).toEqual([]);
        await softly.poll(() => page.evaluate(isCutBelow), name).toEqual([]);
      },
    });
  });
}

test("what has the focus is in sight, however many keys it took", async ({ device }) => {
  const size = { width: 390, height: 500 };
  const desk = await device({ viewport: size, ...preferring(place.url, { locale: "en" }) });
  const { page } = await desk.open(place.url);
  await signIn(page, "ann", say);
  for (const path of [
    "/",
    `/chat/${place.tour.world.direct}`,
    `/chat/${place.tour.world.group}/info`,
    "/settings/profile",
    "/settings/privacy",
    "/settings/appearance",
  ]) {
    await page.goto(place.url + path);
    await expect(page.locator(".breathe")).toHaveCount(0);
    await expect(page.getByRole("heading").first()).toBeVisible();
    for (let press = 0; press < 25; press += 1) {
      await page.keyboard.press("Tab");
      await softly.poll(() => page.evaluate(hiddenFocus), path).toBeNull();
    }
  }
  await page.goto(`${place.url}/chat/${place.tour.world.direct}`);
  const client = new Client(page);
  await expect(client.box).toBeVisible();
  await client.box.fill("one\ntwo\nthree\nfour\nfive");
  await client.box.press("Shift+Tab");
  while (!(await page.evaluate(() => document.activeElement?.matches("[aria-posinset]")))) {
    await page.keyboard.press("Shift+Tab");
  }
  for (const key of ["ArrowUp", "ArrowUp", "ArrowUp", "Home", "ArrowDown", "End"]) {
    await page.keyboard.press(key);
    await expect.poll(() => page.evaluate(hiddenFocus), key).toBeNull();
  }
});

test("lists say how long they are and where one is, and have one place for the Tab key", async ({
  device,
}) => {
  const desk = await device({ ...DESKTOP, ...preferring(place.url, { locale: "en" }) });
  const client = await desk.open(place.url);
  await signIn(client.page, "ann", say);
  await client.page.goto(`${place.url}/chat/${place.tour.world.direct}`);
  await expect(client.message("See you at the pier")).toBeVisible();
  const { body } = await place.tour.world.ann.get(`/chats/${place.tour.world.direct}`);

  for (const [list, size] of [
    [client.chats, await client.chats.getByRole("listitem").count()],
    [client.messages, body.chat.lastSeq],
  ] as const) {
    const rows = await list.locator("> [aria-posinset]").all();
    const places = await Promise.all(rows.map((row) => row.getAttribute("aria-posinset")));
    expect(places.map(Number)).toEqual(places.map((_, at) => size - places.length + at + 1));
    for (const row of rows) await expect(row).toHaveAttribute("aria-setsize", String(size));
    const stops = list.locator('> [tabindex="0"], > li > a[tabindex="0"]');
    await expect(stops).toHaveCount(1);
    await stops.focus();
    await client.page.keyboard.press("ArrowUp");
    await client.page.keyboard.press("Home");
    await expect(stops).toHaveCount(1);
    await expect(stops).toBeFocused();
  }
});

test("who wants things to keep still sees nothing move", async ({ device }) => {
  const desk = await device({ ...DESKTOP, ...preferring(place.url, { locale: "en" }) });
  const client = await desk.open(place.url);
  const { page } = client;
  await signIn(page, "ann", say);
  const isStill = async (what: string) => expect(await page.evaluate(moving), what).toEqual([]);
  await client.openChat("Bob Marsh");
  await isStill("a chat");
  await client.menuOf("See you at the pier");
  await isStill("a menu");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await client.button("New chat").click();
  await expect(client.dialog("New chat")).toBeVisible();
  await isStill("a dialog");
  await page.keyboard.press("Escape");
  await expect(client.dialog("New chat")).toHaveCount(0);
  await client.header.click();
  await isStill("a pane");
});

test("in colours that are forced, what is chosen and what can be pressed still has an edge", async ({
  device,
}) => {
  const desk = await device({
    ...DESKTOP,
    ...preferring(place.url, { locale: "en" }),
    forcedColors: "active",
  });
  const client = await desk.open(place.url);
  await signIn(client.page, "ann", say);
  await client.openChat("Bob Marsh");
  await expect(client.message("See you at the pier")).toBeVisible();
  const current = client.chats.locator("[aria-current=page]");
  await expect(current).toHaveCSS("outline-style", "solid");
  for (const bubble of await client.messages.locator("[data-bubble]").filter({ hasNotText: "👏" }).all()) {
    await expect(bubble).not.toHaveCSS("border-top-width", "0px");
  }
  await client.box.focus();
  await expect(client.box).not.toHaveCSS("border-top-width", "0px");
  await client.page.keyboard.press("Tab");
  await expect(client.page.locator(":focus-visible")).toHaveCSS("outline-style", "solid");
});

/** As a reader may have it: WCAG 1.4.12 names these. */
function spreadTexts(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`,
  );
  document.adoptedStyleSheets = [sheet];
  // A menu goes with what it belongs to, which is further down now.
  document.querySelector("[aria-expanded=true]")?.scrollIntoView({ block: "nearest" });
}

/** Runs in the page: boxes that hide the lower part of their words. */
function isCutBelow(): string[] {
  const found: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>("body *")) {
    const { overflowY, webkitLineClamp } = getComputedStyle(element);
    const cuts = overflowY === "hidden" || overflowY === "clip";
    if (!cuts || webkitLineClamp !== "none" || !element.textContent?.trim()) continue;
    if (element.clientHeight <= 1 || !element.checkVisibility({ visibilityProperty: true })) continue;
    const hidden = element.scrollHeight - element.clientHeight;
    if (hidden > 2) found.push(`${hidden} px of "${element.textContent.slice(0, 40)}" .${element.className}`);
  }
  return found;
}

/** Runs in the page: what has the focus, where no corner of it can be seen; else null. */
function hiddenFocus(): string | null {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || focused === document.body) return null;
  const box = focused.getBoundingClientRect();
  const steps = [0.1, 0.3, 0.5, 0.7, 0.9];
  const isSeen = steps.some((x) =>
    steps.some((y) => {
      const top = document.elementFromPoint(box.x + box.width * x, box.y + box.height * y);
      return top !== null && (focused.contains(top) || top.contains(focused));
    }),
  );
  const label = focused.getAttribute("aria-label") ?? focused.textContent;
  return isSeen || focused.closest("label") ? null : `${focused.tagName} ${label?.slice(0, 60)}`;
}

/** Runs in the page: what moves, or comes and goes slowly. */
function moving(): string[] {
  return document
    .getAnimations()
    .filter((animation) => Number(animation.effect?.getComputedTiming().duration) > 1)
    .map((animation) => {
      const { effect } = animation;
      const target = effect instanceof KeyframeEffect ? effect.target : null;
      return `${animation.constructor.name} of ${target?.className}`;
    });
}
