import { Person } from "../../e2e/support/person.js";
import { appoint } from "./support/staff";
import { expect, PHONE, serve, test } from "./support/test";

const server = serve();
/** As much as WCAG asks for: a window of 1280 by 1024, made four times as large. */
const SHORT = { ...PHONE, viewport: { width: 320, height: 256 } };
const said = (content: string) => ({ clientId: crypto.randomUUID(), type: "text", content });

test("in a short window bars leave room for who writes, and everything is in reach", async ({ device }) => {
  const bob = await Person.signUp(server.nexus, "bob");
  const root = await Person.signUp(server.nexus, "root");
  const eve = await Person.signUp(server.nexus, "eve");
  await appoint(server.nexus, "root", "admin");
  const ann = await (await device(SHORT)).open(server.url);
  await ann.signUp("ann");
  const me = await new Person(server.nexus, "ann").logIn();
  const chat = await me.group("Rowers", bob);
  const { code } = (await me.post(`/chats/${chat.id}/invites`, { requiresApproval: true })).body.invite;
  await eve.post(`/invites/${code}/join`);
  for (let at = 1; at <= 10; at += 1) await bob.post(`/chats/${chat.id}/messages`, said(`line ${at}`));
  await expect(ann.chat("Rowers")).toContainText("line 10");
  const last = (await me.messages(chat)).at(-1);
  await me.put(`/messages/${last.id}/pin`);
  await root.post("/auth/step-up", { password: "correct horse battery" });
  await root.post("/admin/announcements", { content: "Back in ten minutes. ".repeat(12), level: "warning" });

  await ann.openChat("Rowers");
  const joiners = ann.page.getByRole("button", { name: /asks to join/ });
  const pinned = ann.page.getByRole("button", { name: /^Pinned message line/ });
  const announcement = ann.page.getByRole("region", { name: "Warning" });
  for (const bar of [joiners, pinned, announcement]) await expect(bar).toBeAttached();
  await test.step("without the focus the bars scroll", async () => {
    await ann.messages.scrollIntoViewIfNeeded();
    await ann.box.scrollIntoViewIfNeeded();
    await expect(ann.box).toBeInViewport({ ratio: 1 });
    await joiners.scrollIntoViewIfNeeded();
    await expect(joiners).toBeInViewport({ ratio: 1 });
  });
  await test.step("with it they make room", async () => {
    await ann.message("line 10").focus();
    await ann.page.keyboard.press("r");
    await expect(ann.box).toBeFocused();
    await expect(ann.page.getByText("Replying to BOB")).toBeInViewport({ ratio: 1 });
    await expect(ann.box).toBeInViewport({ ratio: 1 });
    await expect(ann.button("Send")).toBeInViewport({ ratio: 1 });
    for (const bar of [joiners, pinned, announcement]) await expect(bar).toBeHidden();
    await expect(ann.message("line 10").locator("time")).toBeInViewport({ ratio: 1 });
  });
  await test.step("a mention and an emoji can be chosen", async () => {
    await ann.box.pressSequentially("@b");
    await expect(ann.page.getByRole("option", { name: /BOB/ })).toBeInViewport({ ratio: 1 });
    await ann.page.keyboard.press("Escape");
    await ann.button("Emoji").click();
    const search = ann.dialog("Emoji").getByRole("searchbox");
    await expect(search).toBeInViewport({ ratio: 1 });
    await expect(ann.dialog("Emoji").getByRole("gridcell").first()).toBeInViewport({ ratio: 1 });
  });
});

test("a keyboard that lies over the page leaves it what is above", async ({ device }) => {
  const kim = await (await device(PHONE)).open(server.url);
  await kim.signUp("kim");
  await new Person(server.nexus, "kim").logIn().then((me) => me.group("Rowers"));
  await kim.openChat("Rowers");
  const { height } = PHONE.viewport;
  const show = (keyboard: number) =>
    kim.page.evaluate((seen) => {
      // As Safari tells of it.
      Object.defineProperty(visualViewport, "height", { value: seen, configurable: true });
      visualViewport?.dispatchEvent(new Event("resize"));
    }, height - keyboard);
  const bottomOf = async (locator: typeof kim.box) => {
    const box = await locator.boundingBox();
    return box ? box.y + box.height : Number.NaN;
  };
  await kim.box.focus();
  await show(400);
  await expect.poll(() => bottomOf(kim.box)).toBeLessThan(height - 400);
  await expect(kim.page.getByRole("link", { name: "Back" })).toBeInViewport({ ratio: 1 });
  await kim.page.goBack();
  await kim.button("New chat").click();
  await kim.button("New group").click();
  await expect.poll(() => bottomOf(kim.button("Create group"))).toBeLessThan(height - 400);
  await show(0);
  await expect.poll(() => bottomOf(kim.button("Create group"))).toBeGreaterThan(height - 400);
});
