import { expect, test } from "vitest";
import { isPressed, keysOf, SHORTCUTS, type ShortcutId } from "./shortcuts";

const NOTHING = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const ids = Object.keys(SHORTCUTS) as ShortcutId[];

test("both Ctrl and Cmd find", () => {
  expect(isPressed("find", { ...NOTHING, key: "k", ctrlKey: true })).toBe(true);
  expect(isPressed("find", { ...NOTHING, key: "K", metaKey: true })).toBe(true);
  expect(isPressed("find", { ...NOTHING, key: "k" })).toBe(false);
});

test("Shift tells the next unread chat from the next one", () => {
  const press = { ...NOTHING, key: "ArrowDown", altKey: true };
  expect(ids.filter((id) => isPressed(id, press))).toEqual(["nextChat"]);
  expect(ids.filter((id) => isPressed(id, { ...press, shiftKey: true }))).toEqual(["nextUnread"]);
});

test("on keyboards without Latin letters a key counts by its place", () => {
  const press = { ...NOTHING, key: "л", code: "KeyK", ctrlKey: true };
  expect(isPressed("find", press)).toBe(true);
  expect(isPressed("reply", { ...NOTHING, key: "ق", code: "KeyR" })).toBe(true);
  expect(isPressed("sheet", { ...NOTHING, key: "ظ", code: "Slash", ctrlKey: true })).toBe(true);
  expect(isPressed("find", { ...press, code: "KeyL" })).toBe(false);
  // Dvorak has its own K.
  expect(isPressed("find", { ...press, key: "t" })).toBe(false);
});

test("a slash that needs Shift opens the sheet", () => {
  expect(isPressed("sheet", { ...NOTHING, key: "/", ctrlKey: true, shiftKey: true })).toBe(true);
});

test("no two shortcuts share their keys", () => {
  const keys = ids.map((id) => keysOf(id, false).join("+"));
  expect(new Set(keys).size).toBe(keys.length);
});

test("a Mac's keys have their signs", () => {
  expect(keysOf("nextUnread", true)).toEqual(["⌥", "⇧", "↓"]);
  expect(keysOf("find", false)).toEqual(["Ctrl", "K"]);
});
