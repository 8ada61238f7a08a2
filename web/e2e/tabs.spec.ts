import { Person } from "../../e2e/support/person.js";
import { comeBack, leave } from "./support/tabs";
import { expect, serve, test } from "./support/test";

const server = serve();

test("two tabs of one person show the same", async ({ device }) => {
  const bob = await Person.signUp(server.nexus, "bob");
  const desk = await device();
  const one = await desk.open(server.url);
  await one.signUp("ann");
  await one.startChat("bob");
  await one.send("first");
  await expect(one.message("first", "Sent")).toBeVisible();
  const two = await desk.open(one.page.url());
  await expect(two.message("first", "Sent")).toBeVisible();

  await test.step("a draft", async () => {
    await one.box.fill("half a thou");
    await expect(two.box).toHaveValue("half a thou");
    await one.box.fill("");
    await expect(two.box).toHaveValue("");
  });

  await test.step("a message, sent and taken back", async () => {
    await one.send("second");
    await expect(two.message("You, second", "Sent")).toBeVisible();
    await two.menuOf("second");
    await two.item("Delete…").click();
    await two.button("Delete for me").click();
    await expect(one.message("second")).toHaveCount(0);
  });

  await test.step("how far was read", async () => {
    await two.page.goto(server.url);
    const [chat] = (await bob.get("/chats")).body.chats;
    const line = await bob.connect();
    await one.page.goto(server.url);
    await line.send(chat, "did you see?");
    await expect(two.chat("BOB")).toContainText("1 unread");
    await one.openChat("BOB");
    await expect(two.chat("BOB")).not.toContainText("unread");
    line.close();
  });

  await test.step("the end of the session", async () => {
    await one.signOut();
    await expect(two.button("Sign in")).toBeVisible();
  });
});

test("what a closed tab could not send any more, another tab sends", async ({ device }) => {
  const joe = await Person.signUp(server.nexus, "joe");
  const desk = await device();
  const one = await desk.open(server.url);
  await one.signUp("eve");
  await one.startChat("joe");
  const two = await desk.open(one.page.url());
  await expect(two.box).toBeVisible();

  desk.expectNetworkErrors();
  await desk.context.setOffline(true);
  for (const text of ["one", "two", "three"]) await one.send(text);
  await expect(two.message("three", "Waiting")).toBeVisible();
  await one.page.close();
  await desk.context.setOffline(false);

  await expect(two.message("three", "Sent")).toBeVisible();
  const [chat] = (await joe.get("/chats")).body.chats;
  const texts = (await joe.messages(chat)).map((message: { content: string }) => message.content);
  expect(texts).toEqual(["one", "two", "three"]);
});

test("one of the tabs in the background listens, and the next when it is gone", async ({ device }) => {
  const desk = await device();
  const one = await desk.open(server.url);
  await one.signUp("kim");
  const two = await desk.open(server.url);
  await expect(two.button("New chat")).toBeVisible();
  const listening = () =>
    two.page.evaluate(async () => {
      const { held = [], pending = [] } = await navigator.locks.query();
      return [held, pending].map((locks) => locks.filter(({ name }) => name === "nc-ears").length);
    });
  expect(await listening()).toEqual([0, 0]);
  await leave(one);
  await expect.poll(listening).toEqual([1, 0]);
  await leave(two);
  await expect.poll(listening).toEqual([1, 1]);
  await one.page.close();
  await expect.poll(listening).toEqual([1, 0]);
  await comeBack(two);
  await expect.poll(listening).toEqual([0, 0]);
});
