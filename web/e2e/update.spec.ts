import { shutsOut } from "./support/axe";
import { relay } from "./support/relay";
import { expect, serve, test } from "./support/test";

const server = serve();

test("a new version is offered, and comes when it is wanted", async ({ device }) => {
  const desk = await device();
  const front = await relay(server.url);
  try {
    const ann = await desk.open(front.url);
    await ann.signUp("ann");
    await ann.isInstalled();
    const build = ann.page.locator("meta[name=build]");

    const page = (text: string) => text.replace("</head>", '<meta name="build" content="next"></head>');
    front.change("/", page);
    front.change("/index.html", page);
    front.change("/sw.js", (text) => {
      const next = text.replace(
        /("?url"?:\s*"index\.html",\s*"?revision"?:\s*")[^"]*|("?revision"?:\s*")[^"]*(",\s*"?url"?:\s*"index\.html")/,
        "$1$2next$3",
      );
      expect(next, "the page has a fingerprint in the worker").not.toBe(text);
      return next;
    });
    await ann.page.reload();
    const offer = ann.page.getByRole("group", { name: "A new version is ready" });
    await expect(offer).toBeVisible();
    await expect(build).toHaveCount(0);
    expect(await shutsOut(ann.page, { name: "update", look: "desktop" })).toEqual([]);

    await offer.getByRole("button", { name: "Reload" }).click();
    await expect(build).toHaveAttribute("content", "next");
    await expect(ann.button("New chat")).toBeVisible();
    await expect(offer).toBeHidden();
  } finally {
    // Before the page does.
    desk.expectNetworkErrors();
    front.close();
  }
});
