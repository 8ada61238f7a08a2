import { Person } from "../../e2e/support/person.js";
import { DESKTOP, expect, PHONE, serve, test } from "./support/test";

const server = serve({ RETENTION__DISAPPEAR_MIN_SECS: 1 });

test("messages disappear at their instant, also where the network is gone, and leave nothing to read", async ({
  device,
}) => {
  const ann = await Person.signUp(server.nexus, "ann");
  const bob = await Person.signUp(server.nexus, "bob");
  const chat = await ann.direct(bob);
  const desk = await device(DESKTOP);
  const writer = await desk.open(server.url);
  await writer.signIn("ann");
  const phone = await device(PHONE);
  phone.expectNetworkErrors();
  const reader = await phone.open(server.url);
  await reader.signIn("bob");
  await writer.openChat("BOB");
  await reader.openChat("ANN");

  await test.step("it is set for the chat, and said in it", async () => {
    await writer.header.click();
    await writer.button("Disappearing messages").click();
    const dialog = writer.dialog("Disappearing messages");
    await dialog.getByRole("group", { name: "They disappear after" }).getByText("1 hour").click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(reader.message("ANN made new messages disappear after 1 hour")).toBeVisible();
    await expect(reader.page.getByText("Messages disappear here")).toBeAttached();
  });

  await test.step("a message goes without a word from the server", async () => {
    await ann.patch(`/chats/${chat.id}`, { disappearAfterSecs: 20 });
    await writer.send("burn after reading");
    await expect(reader.message("burn after reading")).toBeVisible();
    await phone.context.setOffline(true);
    for (const client of [reader, writer]) {
      await expect(client.message("burn after reading")).toHaveCount(0, { timeout: 60_000 });
    }
    await phone.context.setOffline(false);
    await reader.page.reload();
    await expect(reader.message("made new messages disappear").first()).toBeVisible();
    await expect(reader.message("burn after reading")).toHaveCount(0);
  });
});
