import { until } from "../../e2e/support/nexus.js";
import { Person } from "../../e2e/support/person.js";
import { onDisk } from "./support/disk";
import { longTalk, readAll, sendAll } from "./support/seed";
import { expect, serve, test } from "./support/test";

const server = serve();
let ann: Person;
let bob: Person;

test.beforeAll(async () => {
  [ann, bob] = await Promise.all([Person.signUp(server.nexus, "ann"), Person.signUp(server.nexus, "bob")]);
});

test("who was mentioned far up gets there by one press", async ({ device }) => {
  const chat = await ann.group("Long", bob);
  const anns = await ann.connect();
  const bobs = await bob.connect();
  await sendAll(ann, anns, chat, longTalk(30));
  await readAll(bob, bobs, chat);
  await sendAll(
    ann,
    anns,
    chat,
    longTalk(140).map((text) => `more ${text}`),
  );
  await anns.send(chat, "@bob the tickets are with you", { mentions: [bob.id] });
  await sendAll(
    ann,
    anns,
    chat,
    longTalk(60).map((text) => `yet ${text}`),
  );
  await until("the mention is counted", async () => {
    const { body } = await bob.get(`/chats/${chat.id}`);
    return body.chat.me.mentions === 1;
  });
  for (const line of [anns, bobs]) line.close();

  const reader = await (await device()).signedIn(server.url, "bob");
  await reader.openChat("Long");
  const mention = reader.message("the tickets are with you");
  await expect(reader.button("Jump to mention")).toHaveAccessibleDescription(/1/);
  await expect(mention).not.toBeInViewport();
  await reader.button("Jump to mention").click();
  await expect(mention).toBeInViewport();
  await expect(reader.button("Jump to mention")).toHaveCount(0);
  await reader.button("Jump to latest").click();
  await expect(reader.message("yet 60 ")).toBeInViewport();
});

test("a draft that was left and found again mentions whom it names", async ({ device }) => {
  const chat = await ann.group("Drafts", bob);
  const writer = await (await device()).signedIn(server.url, "ann");
  await writer.openChat("Drafts");
  await writer.box.fill("@bob could you look at the rota?");
  await expect.poll(() => onDisk(writer.page, "drafts")).toContain("rota");
  await writer.page.reload();
  await expect(writer.box).toHaveValue("@bob could you look at the rota?");
  await writer.button("Send").click();
  await expect(writer.message("could you look at the rota?", "(Sent|Delivered|Read)")).toBeVisible();
  const { body } = await bob.get(`/chats/${chat.id}`);
  expect(body.chat.me.mentions).toBe(1);
});
