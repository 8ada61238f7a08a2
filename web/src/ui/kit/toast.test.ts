import { expect, test } from "vitest";
import { announced } from "./announce";
import { toast, toasts, warn } from "./toast";

test("what failed breaks in on a screen reader, all else waits its turn", () => {
  toast("Saved");
  warn("Not saved");
  const { polite, assertive } = announced.getState();
  expect([polite.text, assertive.text]).toEqual(["Saved", "Not saved"]);
  expect(toasts.getState().map(({ text }) => text)).toEqual(["Saved", "Not saved"]);
});
