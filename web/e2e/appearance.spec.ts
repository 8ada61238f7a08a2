import { Person } from "../../e2e/support/person.js";
import { expect, serve, test } from "./support/test";

const server = serve();

test("a chosen theme colours the browser as well, and a chosen language leaves the focus where it is", async ({
  device,
}) => {
  await Person.signUp(server.nexus, "ann");
  const ann = await (await device()).open(server.url);
  await ann.signIn("ann");
  await ann.page.goto(`${server.url}/settings/appearance`);
  const colour = () =>
    ann.page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")];
      return all.find(({ media }) => matchMedia(media).matches)?.dataset.theme;
    });
  expect(await colour()).toBe("light");
  await ann.page.getByText("Dark", { exact: true }).click();
  await expect.poll(colour).toBe("dark");
  await ann.page.getByText("System", { exact: true }).click();
  await expect.poll(colour).toBe("light");

  await ann.page.getByRole("radio", { name: "English" }).focus();
  await ann.page.keyboard.press("ArrowRight");
  await expect(ann.page.getByRole("heading", { name: "Aussehen und Sprache" })).toBeVisible();
  await expect(ann.page.getByRole("radio", { name: "Deutsch" })).toBeFocused();
  await ann.page.keyboard.press("ArrowLeft");
  await expect(ann.page.getByRole("radio", { name: "English" })).toBeFocused();
});
