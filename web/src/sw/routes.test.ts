import { expect, test } from "vitest";
import { sourceOf } from "./routes";

const origin = "https://chat.test";
const asked = (path: string, isNavigation: boolean) => ({
  url: new URL(path, origin),
  origin,
  method: "GET",
  isNavigation,
});

test.each(["/", "/chat/01a206b7-4235", "/settings/devices", "/search?q=a.b"])(
  "%s is the kept page",
  (path) => {
    expect(sourceOf(asked(path, true))).toBe("page");
  },
);

test.each([
  "/api/docs/",
  "/socket.io/?EIO=4",
  "/.well-known/nexuschat",
  "/healthz",
  "/readyz",
  "/metrics",
  "/errors/gone",
])("%s is the server's", (path) => {
  expect(sourceOf(asked(path, true))).toBe("network");
  expect(sourceOf(asked(path, false))).toBe("network");
});

test("a file is not answered with a page", () => {
  expect(sourceOf(asked("/robots.txt", true))).toBe("network");
});

test("what has its content in its name is kept, and what has not is renewed", () => {
  expect(sourceOf(asked("/assets/emoji-abc.js", false))).toBe("asset");
  expect(sourceOf(asked("/emoji/en/data.json", false))).toBe("data");
});

test("what changes something, or is elsewhere, is left alone", () => {
  expect(sourceOf({ ...asked("/assets/a.js", false), method: "HEAD" })).toBe("network");
  expect(sourceOf({ ...asked("/", true), method: "POST" })).toBe("network");
  expect(sourceOf({ ...asked("/", true), url: new URL("https://elsewhere.test/") })).toBe("network");
});
