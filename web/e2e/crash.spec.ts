import type { Client } from "./support/client";
import { DESKTOP, expect, serve, test } from "./support/test";

const server = serve();
const TALL = { viewport: { width: DESKTOP.viewport.width, height: 1600 } };

test("a server that dies while two people write loses nothing and doubles nothing", async ({ device }) => {
  const [one, two] = [await device(TALL), await device(TALL)];
  const ann = await one.open(server.url);
  const bob = await two.open(server.url);
  await ann.signUp("ann");
  await bob.signUp("bob");
  await ann.startChat("bob");
  await ann.send("ann 0");
  await bob.openChat("Ann");
  await bob.send("bob 0");
  await expect(ann.message("Bob, bob 0")).toBeVisible();

  for (const device of [one, two]) device.expectNetworkErrors();
  const sends = Promise.all([writes(ann, "ann", 11), writes(bob, "bob", 11)]);
  await expect(bob.message("Ann, ann 4")).toBeVisible();
  await server.nexus.kill();
  await sends;
  // However fast the others went, there is one that waits.
  await ann.send("ann 12");
  await bob.send("bob 12");
  await expect(ann.message("You, ann 12", "Waiting")).toBeVisible();
  await server.nexus.restart();

  await expect(ann.message("You, ann 12", "(Delivered|Read)")).toBeVisible();
  await expect(bob.message("You, bob 12", "(Delivered|Read)")).toBeVisible();
  await expect(ann.message("Bob, bob 12")).toBeVisible();
  await expect(bob.message("Ann, ann 12")).toBeVisible();
  const seen = await texts(ann);
  expect(await texts(bob), "both see the same").toEqual(seen);
  for (const name of ["ann", "bob"]) {
    const own = seen.filter((text) => text.startsWith(name));
    expect(own, "each once, in the order they were written").toEqual(
      Array.from({ length: 13 }, (_, at) => `${name} ${at}`),
    );
  }
  await expect(ann.page.getByRole("listitem", { name: /Waiting$|Failed$/ })).toHaveCount(0);
});

async function writes(client: Client, name: string, count: number): Promise<void> {
  for (let at = 1; at <= count; at += 1) await client.send(`${name} ${at}`);
}

async function texts(client: Client): Promise<string[]> {
  const labels = await client.labels();
  return labels.map((label) => label.split(", ")[1] ?? label);
}
