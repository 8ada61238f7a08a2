import { Person } from "../../e2e/support/person.js";
import { countRenders, rendersOf } from "./support/renders";
import { DESKTOP, expect, serve, test } from "./support/test";

const EVENTS = 100;

const server = serve();

test("somebody who comes and goes is drawn anew, and nothing else", async ({ device }) => {
  const [ann, bob, eve] = (await Promise.all(
    ["ann", "bob", "eve"].map((name) => Person.signUp(server.nexus, name)),
  )) as [Person, Person, Person];
  await ann.direct(bob);
  await ann.direct(eve);
  const line = await bob.connect();

  const desk = await device(DESKTOP);
  await countRenders(desk.context);
  const client = await desk.open("about:blank");
  let heard = 0;
  client.page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => {
      if (payload.includes("presence:update")) heard += 1;
    });
  });
  await client.page.goto(server.url);
  await client.signIn("ann");
  await client.openChat("EVE");
  const row = client.chat("BOB").getByRole("link");
  await expect(row).toHaveAccessibleName(/^online BOB/);

  expect((await rendersOf(client.page)).chat, "what came with the chat is counted").toBeGreaterThan(0);

  // Once more where something else was still coming in.
  await expect(async () => {
    await rendersOf(client.page);
    heard = 0;
    for (let event = 0; event < EVENTS; event += 1) {
      const status = event % 2 === 0 ? "away" : "online";
      await line.presence.call("presence:set", { status });
    }
    await expect.poll(() => heard).toBe(EVENTS);
    await expect(row).toHaveAccessibleName(/^online BOB/);
    const { rows, parents, chat } = await rendersOf(client.page);
    expect(rows, "rows of the list").toBeGreaterThan(0);
    expect(rows, "rows of the list").toBeLessThanOrEqual(EVENTS);
    expect(parents, "the list and what is around it").toBe(0);
    expect(chat, "the open chat").toBe(0);
  }).toPass();
});
