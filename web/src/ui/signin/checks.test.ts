import { expect, test } from "vitest";
import { check } from "./checks";

const fine = { email: "ann@example.com", username: "ann.b_1", displayName: "Ann", password: "correct horse" };

test("a proper account has nothing wrong", () => expect(check(fine)).toEqual({}));

test.each([
  ["email", "ann"],
  ["email", "a b@c"],
  ["username", "an"],
  ["username", "_ann"],
  ["username", "änn"],
  ["displayName", "x".repeat(65)],
  ["password", "too short"],
])("%s can't be %s", (field, text) => {
  expect(Object.keys(check({ ...fine, [field]: text }))).toEqual([field]);
});

test("letters outside of the basic plane count once", () => {
  expect(check({ ...fine, displayName: "🙂".repeat(64) })).toEqual({});
});

test("what is empty is asked for", () =>
  expect(check({ ...fine, email: "" })).toEqual({ email: "Please fill this in." }));
