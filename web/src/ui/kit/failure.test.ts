import { beforeAll, expect, test } from "vitest";
import { speakInside } from "../../i18n";
import type { Failure } from "../../sync/model";
import { wordsFor } from "./failure";

beforeAll(speakInside);

test("what only a newer server knows to refuse is told in words, too", () => {
  expect(wordsFor({ code: "forbidden" })).toBe("You are not allowed to do that here.");
  expect(wordsFor({ code: "out_of_tea" as Failure["code"] })).toBe("Something went wrong. Try again.");
});
