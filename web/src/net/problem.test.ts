import { expect, test } from "vitest";
import { refusedEvent, refusedWith, unanswered } from "./problem";

const none = new Headers();
const problem = (code: string, errors?: object[]) => ({
  type: "t",
  title: "words",
  status: 1,
  code,
  requestId: "r",
  errors,
});

test("a problem keeps its code, its words and the fields it is about", () => {
  const errors = [{ field: "password", message: "is too short", limit: 10 }];
  expect(refusedWith(422, none, problem("validation", errors)).failure).toEqual({
    code: "validation",
    message: "words",
    hint: null,
    fields: { password: "is too short" },
    retryAfterMs: null,
    isRetryable: false,
  });
});

test("who is banned is told why and until when", () => {
  const ban = { reason: "spam", until: "2099-01-02T12:00:00.000Z" };
  expect(refusedWith(403, none, { ...problem("banned"), ban }).failure.ban).toEqual(ban);
});

test("what the server asks to wait is known", () => {
  const headers = new Headers({ "Retry-After": "12" });
  expect(refusedWith(429, headers, problem("rate_limited")).failure).toMatchObject({
    retryAfterMs: 12_000,
    isRetryable: true,
  });
});

test.each([
  [502, "<html>Bad gateway</html>", "unavailable", true],
  [504, undefined, "unavailable", true],
  [413, "too big", "too_large", false],
  [401, {}, "unauthenticated", false],
  [418, null, "malformed", false],
])("an answer that is not the server's own, %i, still has a code", (status, body, code, isRetryable) => {
  expect(refusedWith(status, none, body).failure).toMatchObject({ code, isRetryable });
});

test("no answer is worth another try", () => {
  expect(unanswered().failure).toMatchObject({ code: "offline", isRetryable: true });
});

test("a refused event says itself whether it is worth another try", () => {
  const error = { code: "unavailable" as const, message: "busy", retryable: false, retryAfterMs: 5 };
  expect(refusedEvent(error).failure).toMatchObject({
    code: "unavailable",
    isRetryable: false,
    retryAfterMs: 5,
  });
});
