import { expect } from "@playwright/test";
import { answer, dialogIn, press, refuse, sees, type } from "./gestures";
import type { Screen } from "./screen";

const atAccount = () => "/settings/account";
const SECTIONS = ["profile", "devices", "notifications", "appearance", "storage", "about"] as const;

export const SETTINGS: Screen[] = [
  { name: "settings", path: () => "/settings", open: (page, say) => sees(page, say("settings.signOut")) },
  ...SECTIONS.map(
    (section): Screen => ({
      name: `settings-${section}`,
      path: () => `/settings/${section}`,
      open: async (page, say) => {
        const heading = page.getByRole("main").getByRole("heading", { name: say(`settings.${section}`) });
        await expect(heading).toBeVisible();
        await expect(page.getByRole("main").locator(".breathe")).toHaveCount(0);
      },
    }),
  ),
  {
    name: "settings-profile-wrong",
    path: () => "/settings/profile",
    open: async (page, say) => {
      await type(page, say("signin.displayName"), "");
      await type(page, say("signin.username"), "?");
      await sees(page, say("signin.usernameWrong"));
    },
  },
  {
    name: "settings-privacy",
    path: () => "/settings/privacy",
    open: (page, say) => sees(page, say("privacy.receipts")),
  },
  { name: "settings-account", path: atAccount, open: (page, say) => sees(page, say("account.noPasskeys")) },
  {
    name: "settings-account-passkeys",
    path: atAccount,
    given: (page) => answer(page, "/auth/passkeys", { passkeys: PASSKEYS }),
    open: (page) => sees(page, "Ann’s phone"),
  },
  {
    name: "settings-export",
    path: atAccount,
    given: (page) => answer(page, "/users/me/export", { export: EXPORT }),
    open: (page, say) => sees(page, say("rights.askAgain")),
  },
  {
    name: "settings-password-wrong",
    path: atAccount,
    open: async (page, say) => {
      await type(page, say("account.currentPassword"), "not the right one");
      await type(page, say("account.newPassword"), "violet anchor under snow");
      await press(page, say("account.changePassword"));
      await sees(page, say("account.wrongPassword"));
    },
  },
  {
    name: "change-email",
    path: atAccount,
    open: async (page, say) => {
      await press(page, say("account.changeEmail"));
      const dialog = await dialogIn(page);
      await press(dialog, say("account.sendLetter"));
      await sees(page, say("signin.missing"));
    },
  },
  {
    name: "step-up",
    path: atAccount,
    open: async (page, say) => {
      await press(page, say("account.twoStepManage"));
      await sees(page, say("account.stepUpText"));
    },
  },
  {
    name: "step-up-code",
    path: atAccount,
    open: async (page, say) => {
      await press(page, say("account.twoStepManage"));
      await press(page, say("account.stepUpByCode"));
      await sees(page, say("account.stepUpCodeText"));
    },
  },
  {
    name: "two-step",
    path: atAccount,
    given: (page) => answer(page, "/auth/totp/setup", TOTP),
    open: async (page, say) => {
      await press(page, say("account.twoStepManage"));
      const dialog = await dialogIn(page);
      await expect(dialog.getByRole("img", { name: say("account.qrCode") })).toBeVisible();
      await press(dialog, say("account.turnOn"));
      await sees(page, say("account.sixDigits"));
    },
  },
  {
    name: "two-step-codes",
    path: atAccount,
    given: async (page) => {
      await answer(page, "/auth/totp/setup", TOTP);
      await answer(page, "/auth/totp/enable", { codes: CODES });
    },
    open: async (page, say) => {
      await press(page, say("account.twoStepManage"));
      await type(page, say("account.code"), "123456");
      await press(page, say("account.turnOn"));
      await sees(page, say("account.codesText"));
    },
  },
  {
    name: "two-step-in-use",
    path: atAccount,
    given: (page) => refuse(page, "/auth/totp/setup", 409, "conflict"),
    open: async (page, say) => {
      await press(page, say("account.twoStepManage"));
      await sees(page, say("account.twoStepInUse"));
    },
  },
  {
    name: "passkey-name",
    path: atAccount,
    open: async (page, say) => {
      await press(page, say("account.addPasskey"));
      const dialog = await dialogIn(page);
      await press(dialog, say("account.addPasskey"));
      await sees(page, say("signin.missing"));
    },
  },
  {
    name: "delete-account",
    path: atAccount,
    open: async (page, say) => {
      await press(page, say("rights.delete"));
      await sees(page, say("rights.keepHint"));
    },
  },
  {
    name: "sign-out-everywhere",
    path: () => "/settings/devices",
    open: async (page, say) => {
      await press(page, say("settings.endAll"));
      await sees(page, say("settings.endAllText"));
    },
  },
  {
    name: "clear-cache",
    path: () => "/settings/storage",
    open: async (page, say) => {
      await press(page, say("settings.clear"));
      await sees(page, say("settings.clearText"));
    },
  },
  {
    name: "settings-shortcuts",
    path: () => "/settings/shortcuts",
    open: (page) => expect(page.locator("kbd").first()).toBeVisible(),
  },
  {
    name: "sign-out",
    path: () => "/settings",
    open: async (page, say) => {
      await press(page, say("settings.signOut"));
      await sees(page, say("settings.signOutText"));
    },
  },
];

const PASSKEYS = [
  {
    id: "one",
    name: "Ann’s phone",
    backedUp: true,
    createdAt: "2026-02-03T08:00:00Z",
    lastUsedAt: "2026-11-20T18:31:00Z",
  },
  { id: "two", name: "The key on the ring", backedUp: false, createdAt: "2026-02-03T08:10:00Z" },
];
const TOTP = {
  secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  uri: "otpauth://totp/NexusChat:ann?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=NexusChat",
};
const CODES = Array.from({ length: 10 }, (_, at) => `k7mq${at + 2}wxa-${at + 2}pz4hrfe`);
const EXPORT = {
  id: "one",
  state: "ready",
  progress: 100,
  size: 4_200_000,
  createdAt: "2026-11-22T08:00:00Z",
  until: "2026-11-29T08:00:00Z",
};
