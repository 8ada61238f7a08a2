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
  await expect(ann.chat("BOB")).toContainText("120 unread");
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
