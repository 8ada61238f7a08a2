import { Person } from "../../e2e/support/person.js";
import { sendAll } from "./support/seed";
import { expect, serve, test } from "./support/test";

const server = serve();

test("a draft keeps what it answers, through other chats and a reload", async ({ device }) => {
  const bob = await Person.signUp(server.nexus, "bob");
  await Person.signUp(server.nexus, "eve");
  const ann = await (await device()).open(server.url);
  await ann.signUp("ann");
  await ann.startChat("eve");
  await ann.startChat("bob");
  await ann.send("hello");
  await expect(ann.message("hello", "Sent")).toBeVisible();
  const [chat] = (await bob.get("/chats")).body.chats;
  const line = await bob.connect();
  // So many that what is answered is not on the first page of the chat.
  await sendAll(bob, line, chat, ["tea or coffee?", ...Array.from({ length: 60 }, (_, at) => `and ${at}`)]);
  line.close();
  await ann.page.reload();
  await expect(ann.message("and 59")).toBeVisible();
  await ann.messages.hover();
  await expect(async () => {
    await ann.page.mouse.wheel(0, -2_000);
    await expect(ann.message("tea or coffee?")).toBeInViewport({ timeout: 500 });
  }).toPass();

  await ann.box.fill("tea");
  await ann.menuOf("tea or coffee?");
  await ann.item("Reply").click();
  await expect(ann.page.getByText("Replying to BOB")).toBeVisible();
  await ann.openChat("EVE");
  await expect(ann.page.getByText("Replying to BOB")).toHaveCount(0);
  await ann.page.waitForTimeout(1_000);
  await ann.page.reload();
  await ann.openChat("BOB");
  await expect(ann.page.getByText("Replying to BOB")).toBeVisible();
  await expect(ann.box).toHaveValue("tea");
  await ann.box.press("End");
  await ann.box.pressSequentially(", please");
  await ann.button("Send").click();
  await expect(
    ann.message("You, tea, please").getByRole("button", { name: "In reply to BOB: tea or coffee?" }),
  ).toBeVisible();
  await expect(ann.page.getByText("Replying to BOB")).toHaveCount(0);
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
