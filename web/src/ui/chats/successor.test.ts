import { expect, test } from "vitest";
import type { Member, Role, User } from "../../wire";
import { successorOf } from "./successor";

function member(id: string, role: Role, day: number): Member {
  const user = { id, username: id, displayName: id } as User;
  return { user, role, joinedAt: `2026-01-0${day}T00:00:00.000Z` };
}

const owner = member("ann", "owner", 1);

test("an owner is followed by the admin who has been there longest", () => {
  const members = [member("bob", "member", 1), member("eve", "admin", 4), member("lea", "admin", 3), owner];
  expect(successorOf(members, "ann")?.user.id).toBe("lea");
});

test("where there is no admin, by the member who has been there longest; of equals by the lower id", () => {
  const members = [owner, member("lea", "member", 2), member("eve", "member", 2), member("bob", "member", 5)];
  expect(successorOf(members, "ann")?.user.id).toBe("eve");
});

test("nobody follows who was alone", () => {
  expect(successorOf([owner], "ann")).toBeNull();
});
