import { expect, test } from "vitest";
import type { OwnChange, Settings } from "../wire";
import { type Account, emptyAccount } from "./account";
import { applySync, changeOwn, hearOwn } from "./apply";
import { personOf } from "./people";
import { merged } from "./settings";
import { ME, OTHER, Server, user } from "./testing/server";

const SETTINGS: Settings = {
  privacy: {
    lastSeen: "everyone",
    avatar: "everyone",
    about: "everyone",
    readReceipts: "everyone",
    whoCanMessage: "everyone",
    whoCanAddToGroups: "everyone",
    findByEmail: false,
  },
  notifications: { emailDigest: "daily", newLogin: true },
  theme: "system",
  locale: "en",
};

const ADDED: OwnChange = { kind: "contacts", data: { userId: OTHER, isContact: true, nickname: "Bobby" } };
const BLOCKED: OwnChange = { kind: "blocks", data: { userId: OTHER, blocked: true } };
const CHOSEN: OwnChange = { kind: "settings", data: { ...SETTINGS, theme: "dark" } };

function synced(changes: OwnChange[]): Account {
  const server = new Server(() => {});
  for (const change of changes) server.own(change);
  return applySync(emptyAccount(ME), server.sync({ userRev: 0, chats: {} }), new Set()).account;
}

test("contacts, blocks and choices come with everything else that is the user's own", () => {
  const account = synced([ADDED, BLOCKED, CHOSEN]);
  expect(personOf(user(OTHER), account)).toMatchObject({
    nickname: "Bobby",
    isContact: true,
    isBlocked: true,
  });
  expect(account.settings?.theme).toBe("dark");
});

test("what another device changes is heard in its turn", () => {
  const account = hearOwn(synced([ADDED]), {
    ...BLOCKED,
    userRev: 2,
    at: "2026-01-01T00:00:00.000Z",
  }).account;
  expect([account.userRev, account.blocked.has(OTHER)]).toEqual([2, true]);
});

test("a contact that is removed has no nickname any more", () => {
  const removed: OwnChange = { kind: "contacts", data: { userId: OTHER, isContact: false, nickname: null } };
  const { account } = changeOwn(synced([ADDED]), removed);
  expect(personOf(user(OTHER), account)).toMatchObject({ nickname: null, isContact: false });
});

test("a choice leaves all others as they are", () => {
  const next = merged(SETTINGS, { privacy: { readReceipts: "contacts" } });
  expect(next).toEqual({ ...SETTINGS, privacy: { ...SETTINGS.privacy, readReceipts: "contacts" } });
});
