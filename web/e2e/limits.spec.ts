import { Person } from "../../e2e/support/person.js";
import { expect, PHONE, serve, test } from "./support/test";

const server = serve({
  LIMITS__ENABLED: true,
  LIMITS__LOGIN__FREE: 1,
  LIMITS__LOGIN__FIRST_SECS: 9,
  LIMITS__LOGIN__MOST_SECS: 9,
  LIMITS__SEND__COUNT: 1,
  LIMITS__SEND__PER_SECS: 5,
  LIMITS__SEND__BURST: 1,
});

test("who guesses too often sees for how long to wait, and gets in after that", async ({ device }) => {
  await Person.signUp(server.nexus, "ann");
  const phone = await device(PHONE);
  phone.expectConsole(/status of 429/);
  const ann = await phone.open(server.url);
  await ann.field("Email").fill("ann");
  await ann.field("Password").fill("not the right one");
  const words = ann.page.getByText(/Try again in \d s\./);
  await expect(async () => {
    await ann.button("Sign in").click();
    await expect(words).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expect(ann.button("Sign in")).toBeDisabled();
  await expect(ann.button("Sign in")).toHaveText(/Sign in\(\d s\)/);
  await expect(ann.button("Sign in")).toBeEnabled();
  await expect(words).toHaveCount(0);
  await ann.signIn("ann");
});

test("what is written too fast waits, and goes out in order", async ({ device }) => {
  await Person.signUp(server.nexus, "joe");
  const phone = await device(PHONE);
  phone.expectConsole(/status of 429/);
  const eve = await phone.open(server.url);
  await eve.signUp("eve");
  await eve.startChat("joe");
  for (const text of ["one", "two", "three"]) await eve.send(text);
  await expect(eve.message("three", "Waiting")).toBeVisible();
  await expect(eve.message("three", "Sent")).toBeVisible({ timeout: 60_000 });
  await eve.box.press("ArrowUp");
  await eve.box.fill("three and a half");
  await eve.button("Save changes").click();
  await expect(eve.message("three and a half", "edited, Sent")).toBeVisible({ timeout: 60_000 });
  await expect(eve.page.getByRole("listitem", { name: /Failed$/ })).toHaveCount(0);
  const labels = await eve.labels();
  const texts = labels.map((label) => label.split(", ")[1]);
  expect(texts).toEqual(["one", "two", "three and a half"]);
});
