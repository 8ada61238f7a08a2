import type { Locator, Page } from "@playwright/test";
import { Person } from "../../e2e/support/person.js";
import type { Client } from "./support/client";
import { expect, PHONE, serve, test } from "./support/test";
import { words } from "./support/words";

const server = serve();

test("a finger that draws a message to the end of the line answers it", async ({ device }) => {
  const bob = await Person.signUp(server.nexus, "bob");
  const ann = await (await device(PHONE)).open(server.url);
  await ann.signUp("ann");
  const me = await new Person(server.nexus, "ann").logIn();
  const chat = await bob.direct(me);
  for (let at = 1; at <= 40; at += 1) await bob.post(`/chats/${chat.id}/messages`, said(`line ${at}`));
  await ann.openChat("BOB");
  await ann.button("Jump to latest").click();
  const row = ann.message("line 40");
  const bar = ann.page.getByText("Replying to BOB");

  await test.step("not by going up or back, a little, or from the side of the screen", async () => {
    await draw(ann.page, row, 30, 0);
    await draw(ann.page, row, -120, 0);
    await draw(ann.page, row, 120, 0, 8);
    await draw(ann.page, row, 40, 200);
    await expect(bar).toHaveCount(0);
    await expect(ann.page.getByRole("menu")).toHaveCount(0);
  });
  await ann.page.mouse.move(200, 400);
  await expect(async () => {
    await ann.page.mouse.wheel(0, 5_000);
    await expect(row).toBeInViewport({ ratio: 1, timeout: 1_000 });
  }).toPass();

  await draw(ann.page, row, 120, 0);
  await expect(bar).toBeVisible();
  await expect(ann.box).toBeFocused();
  await ann.send("an answer");
  const answer = ann.message("You, an answer");
  await expect(answer.getByRole("button", { name: "In reply to BOB: line 40" })).toBeVisible();
});

test("where lines end on the left, the finger goes to the left", async ({ device }) => {
  const joe = await Person.signUp(server.nexus, "joe");
  const eve = await Person.signUp(server.nexus, "eve");
  const chat = await joe.direct(eve);
  await joe.post(`/chats/${chat.id}/messages`, said("line 1"));
  const phone = await device({ ...PHONE, locale: "ar" });
  const client: Client = await phone.open(server.url);
  const say = words("ar");
  await client.field(say("signin.email")).fill("eve");
  await client.field(say("signin.password")).fill("correct horse battery");
  await client.button(say("signin.signIn")).click();
  await client.page.getByRole("link", { name: /JOE/ }).click();
  const row = client.page.getByRole("listitem", { name: /line 1/ });
  const bar = client.page.getByText(say("chat.replyingTo").replace("{name}", "JOE"));
  await draw(client.page, row, 120, 0);
  await expect(bar).toHaveCount(0);
  await draw(client.page, row, -120, 0);
  await expect(bar).toBeVisible();
});

test("who reacted is told where no pointer can ask", async ({ device }) => {
  const [ina, uma] = [await Person.signUp(server.nexus, "ina"), await Person.signUp(server.nexus, "uma")];
  const leo = await (await device(PHONE)).open(server.url);
  await leo.signUp("leo");
  const group = await ina.group("Picnic", uma, await new Person(server.nexus, "leo").logIn());
  await ina.post(`/chats/${group.id}/messages`, said("who brings cake?"));
  await leo.openChat("Picnic");
  await expect(leo.message("who brings cake?")).toBeVisible();
  const message = (await ina.messages(group)).find(
    ({ content }: { content: string }) => content === "who brings cake?",
  );
  await uma.put(`/messages/${message.id}/reactions/${encodeURIComponent("🎂")}`);
  await expect(leo.message("who brings cake?").getByRole("button", { name: "🎂 1: UMA" })).toBeVisible();
  await leo.menuOf("who brings cake?");
  await leo.item("Details").click();
  const part = leo.dialog("Details").locator("section").filter({ hasText: "Reactions" });
  await expect(part.getByRole("listitem")).toHaveText(/UMA.*🎂/);
});

function said(content: string): object {
  return { clientId: crypto.randomUUID(), type: "text", content };
}

/** A finger goes down on the middle of it, or at `fromX`, moves so far, and lifts. */
async function draw(page: Page, row: Locator, dx: number, dy: number, fromX?: number): Promise<void> {
  const box = await row.locator("[data-bubble]").boundingBox();
  if (!box) throw new Error("it is not in sight");
  const [x, y] = [fromX ?? (page.viewportSize()?.width ?? 0) / 2, box.y + box.height / 2];
  const session = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", share: number) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd" ? [] : [{ x: x + dx * share, y: y + dy * share }],
    });
  await touch("touchStart", 0);
  for (let step = 1; step <= 8; step += 1) await touch("touchMove", step / 8);
  await touch("touchEnd", 1);
  await session.detach();
}
