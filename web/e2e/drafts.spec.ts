import { Person } from "../../e2e/support/person.js";
import { sendAll } from "./support/seed";
import { expect, PHONE, serve, test } from "./support/test";

const server = serve();

test("a draft keeps what it answers, through other chats and a reload", async ({ device }) => {
  const bob = await Person.signUp(server.nexus, "bob");
  await Person.signUp(server.nexus, "eve");
  const ann = await (await device()).open(server.url);
  await ann.signUp("ann");
  await ann.startChat("eve");
  await ann.startChat("bob");
  await expect(ann.header).toHaveAccessibleName(/BOB/);
  await ann.send("hello");
  await expect(ann.message("hello", "Sent")).toBeVisible();
  const [chat] = (await bob.get("/chats")).body.chats;
  const line = await bob.connect();
  await sendAll(bob, line, chat, ["tea or coffee?"]);

  await ann.box.fill("tea");
  await ann.menuOf("tea or coffee?");
  await ann.item("Reply").click();
  const bar = ann.page.getByText("Replying to BOB");
  await expect(bar).toBeVisible();
  await ann.openChat("EVE");
  await expect(bar).toHaveCount(0);
  // So many that what is answered is not among those that are loaded.
  await sendAll(
    bob,
    line,
    chat,
    Array.from({ length: 120 }, (_, at) => `and ${at}`),
  );
  line.close();
  // One more where it was left before it counted as read.
  await expect(ann.chat("BOB")).toContainText(/12[01] unread/);
  await ann.openChat("BOB");
  await expect(bar).toBeVisible();
  await ann.button("Jump to latest").click();
  await expect(ann.message("and 119")).toBeInViewport();
  await ann.openChat("EVE");
  await ann.page.reload();
  await ann.openChat("BOB");
  await expect(bar).toBeVisible();
  await expect(ann.box).toHaveValue("tea");
  await ann.box.press("End");
  await ann.box.pressSequentially(", please");
  await ann.button("Send").click();
  await expect(
    ann.message("You, tea, please").getByRole("button", { name: "In reply to BOB: tea or coffee?" }),
  ).toBeVisible();
  await expect(bar).toHaveCount(0);
});

test("an edit that is being written outlives other chats and a turn of the phone", async ({ device }) => {
  await Person.signUp(server.nexus, "tom");
  await Person.signUp(server.nexus, "una");
  // As large as they come: on its side there is room for two panes.
  const across = { width: 932, height: 430 };
  const phone = await device({ ...PHONE, viewport: { width: 430, height: 932 } });
  const sam = await phone.open(server.url);
  await sam.signUp("sam");
  for (const name of ["una", "tom"]) {
    await sam.startChat(name);
    await expect(sam.header).toHaveAccessibleName(new RegExp(name.toUpperCase()));
    await sam.send(`hello ${name}`);
    await expect(sam.message(`hello ${name}`, "Sent")).toBeVisible();
    await sam.page.goto(server.url);
  }
  await sam.openChat("TOM");
  await sam.box.fill("a draft beside it");
  await sam.message("hello tom").focus();
  await sam.page.keyboard.press("e");
  await expect(sam.box).toHaveValue("hello tom");
  await sam.box.fill("hello Tom, at six");
  await sam.page.goBack();
  await sam.openChat("UNA");
  await expect(sam.box).toHaveValue("");
  await sam.page.goBack();
  await sam.openChat("TOM");
  await expect(sam.page.getByText("Editing", { exact: true })).toBeVisible();
  await expect(sam.box).toHaveValue("hello Tom, at six");
  const box = await sam.box.elementHandle();
  await sam.page.setViewportSize(across);
  await expect(sam.chat("UNA")).toBeVisible();
  expect(await box?.evaluate((element) => element.isConnected), "it is the same box").toBe(true);
  await expect(sam.box).toHaveValue("hello Tom, at six");
  await sam.button("Save changes").click();
  await expect(sam.message("hello Tom, at six", "Sent")).toBeVisible();
  await expect(sam.box).toHaveValue("a draft beside it");
});

test("what the list is narrowed by is searched for everywhere", async ({ device }) => {
  await Person.signUp(server.nexus, "rob");
  const amy = await (await device()).open(server.url);
  await amy.signUp("amy");
  await amy.startChat("rob");
  await amy.send("the ferry leaves at noon");
  await expect(amy.message("the ferry leaves at noon", "Sent")).toBeVisible();
  const filter = amy.page.getByRole("searchbox", { name: "Search", exact: true });
  await filter.fill("ferry");
  await filter.press("Enter");
  await expect(amy.page.getByPlaceholder("Chats, people, messages")).toHaveValue("ferry");
  await expect(amy.page.getByRole("list", { name: "Messages" }).last()).toContainText("ferry");
});

test("what was begun on one device is gone on with on another", async ({ device }) => {
  await Person.signUp(server.nexus, "max");
  const desk = await (await device()).open(server.url);
  await desk.signUp("kim");
  await desk.startChat("max");
  const phone = await (await device(PHONE)).open(server.url);
  await phone.signIn("kim");
  await desk.box.pressSequentially("on my way");
  await expect(phone.chat("MAX")).toContainText("Draft: on my way");
  await phone.openChat("MAX");
  await expect(phone.box).toHaveValue("on my way");
  await phone.box.press("End");
  await phone.box.pressSequentially(" home");
  await phone.button("Send").click();
  await expect(desk.message("You, on my way home")).toBeVisible();
  await expect(desk.box).toHaveValue("");
});

test("the text box grows with its text, also where style sheets can’t make it", async ({ device }) => {
  const old = await device();
  await old.context.addInitScript(() => {
    const supports = CSS.supports.bind(CSS);
    CSS.supports = (...asked: [string, string?]) =>
      asked[0] !== "field-sizing" && supports(...(asked as [string, string]));
  });
  const vic = await old.open(server.url);
  await vic.signUp("vic");
  await Person.signUp(server.nexus, "zoe");
  await vic.startChat("zoe");
  await vic.box.evaluate((box) => box.style.setProperty("field-sizing", "fixed"));
  const height = async () => (await vic.box.boundingBox())?.height ?? 0;
  const before = await height();
  await vic.box.fill("one\ntwo\nthree\nfour");
  await expect.poll(height).toBeGreaterThan(before + 40);
  await vic.box.fill("line\n".repeat(80));
  await expect.poll(height).toBeLessThan(0.4 * 800 + 2);
  await vic.box.fill("short");
  await expect.poll(height).toBe(before);
});
