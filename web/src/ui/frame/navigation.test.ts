import { expect, test } from "vitest";
import { stepsTo } from "./navigation";

const behind = ["/", "/chat/a?at=7", "/settings"];

test("the way back to an address is as long as what was visited since", () => {
  expect(stepsTo("/chat/a", behind, "/settings/about")).toBe(2);
  expect(stepsTo("/", behind, "/settings/about")).toBe(3);
});

test("there is none to where one never was, nor to where one is", () => {
  expect(stepsTo("/chat/b", behind, "/settings/about")).toBe(0);
  expect(stepsTo("/", behind, "/")).toBe(0);
});
