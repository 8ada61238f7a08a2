import { expect, type Page } from "@playwright/test";
import type { Say } from "../words";
import { answer, press, refuse, root, sees, type } from "./gestures";
import type { Screen } from "./screen";

const PROVIDER = { id: "example", name: "Example" };

/** Where one signs in, and where letters lead those who can't. */
export const DOOR: Screen[] = [
  { name: "sign-in", path: root, open: (page, say) => sees(page, say("signin.signInTitle")) },
  {
    name: "sign-in-wrong",
    path: root,
    open: async (page, say) => {
      await enter(page, say);
      await sees(page, say("signin.wrong"));
    },
  },
  {
    name: "sign-in-banned",
    path: root,
    given: (page) =>
      refuse(page, "/auth/login", 403, "banned", {
        ban: { reason: "Advertising in every group", until: "2099-01-02T12:00:00Z" },
      }),
    open: async (page, say) => {
      await enter(page, say);
      await sees(page, "Advertising in every group");
    },
  },
  {
    name: "sign-in-code",
    path: root,
    given: (page) => refuse(page, "/auth/login", 401, "totp_required"),
    open: async (page, say) => {
      await enter(page, say);
      await expect(page.getByRole("textbox", { name: say("account.code"), exact: true })).toBeVisible();
    },
  },
  {
    name: "create-account",
    path: root,
    open: async (page, say) => {
      await press(page, say("signin.createAccount"));
      await sees(page, say("signin.createTitle"));
      await type(page, say("signin.username"), "?");
      await press(page, say("signin.createAccount"));
      await sees(page, say("signin.usernameWrong"));
    },
  },
  {
    name: "provider-new",
    path: () => "/?back=1#oidc-ticket=one",
    given: (page) =>
      answer(page, "/auth/oidc/ticket", { next: "signup", provider: PROVIDER, displayName: "Kim Blum" }),
    open: async (page, say) => {
      await sees(page, say("account.elsewhereNew"));
      await press(page, say("signin.createAccount"));
      await sees(page, say("signin.missing"));
    },
  },
  {
    name: "provider-link",
    path: () => "/?back=2#oidc-ticket=two",
    given: (page) =>
      answer(page, "/auth/oidc/ticket", { next: "link", provider: PROVIDER, email: "ann@example.com" }),
    open: (page) => sees(page, "ann@example.com"),
  },
  {
    name: "provider-code",
    path: () => "/?back=3#oidc-ticket=three",
    given: async (page) => {
      await answer(page, "/auth/oidc/ticket", { next: "login", provider: PROVIDER });
      await refuse(page, "/auth/oidc/login", 401, "totp_required");
    },
    open: async (page, say) => {
      await expect(page.getByRole("textbox", { name: say("account.code"), exact: true })).toBeVisible();
    },
  },
  {
    name: "provider-late",
    path: () => "/?back=4#oidc-error=expired",
    open: (page, say) => sees(page, say("account.elsewhereExpired")),
  },
  { name: "forgot", path: () => "/forgot", open: (page, say) => sees(page, say("account.forgotText")) },
  {
    name: "forgot-sent",
    path: () => "/forgot",
    open: async (page, say) => {
      await type(page, say("signin.email"), "nobody@example.com");
      await press(page, say("account.sendLetter"));
      await sees(page, "nobody@example.com");
    },
  },
  {
    name: "reset",
    path: () => "/reset#token=x",
    open: async (page, say) => {
      await sees(page, say("account.resetText"));
      await press(page, say("account.setPassword"));
      await expect(page.getByRole("textbox", { name: say("account.newPassword") })).toBeFocused();
    },
  },
  {
    name: "reset-done",
    path: () => "/reset#token=x",
    given: (page) => answer(page, "/auth/reset-password"),
    open: async (page, say) => {
      await type(page, say("account.newPassword"), "violet anchor under snow");
      await press(page, say("account.setPassword"));
      await sees(page, say("account.resetDone"));
    },
  },
  { name: "reset-spent", path: () => "/reset", open: (page, say) => sees(page, say("account.linkSpent")) },
  { name: "verify-spent", path: () => "/verify", open: (page, say) => sees(page, say("account.linkSpent")) },
  {
    name: "verify",
    path: () => "/verify#token=x",
    given: (page) => answer(page, "/auth/verify-email"),
    open: (page, say) => sees(page, say("account.verifyDone")),
  },
  {
    name: "verify-failed",
    path: () => "/verify#token=y",
    given: (page) => refuse(page, "/auth/verify-email", 503, "unavailable"),
    open: (page, say) => sees(page, say("failure.unavailable")),
  },
  {
    name: "confirm-email",
    path: () => "/confirm-email#token=x",
    given: (page) => answer(page, "/auth/confirm-email"),
    open: (page, say) => sees(page, say("account.confirmDone")),
  },
  {
    name: "revert-email",
    path: () => "/revert-email#token=x",
    given: (page) => answer(page, "/auth/revert-email"),
    open: (page, say) => sees(page, say("account.revertDone")),
  },
  {
    name: "unsubscribe",
    path: () => "/unsubscribe#token=x",
    open: (page, say) => sees(page, say("account.unsubscribeText")),
  },
  {
    name: "unsubscribe-done",
    path: () => "/unsubscribe#token=x",
    given: (page) => answer(page, "/unsubscribe"),
    open: async (page, say) => {
      await press(page, say("account.unsubscribe"));
      await sees(page, say("account.unsubscribeDone"));
    },
  },
  {
    name: "unsubscribe-bad",
    path: () => "/unsubscribe",
    open: (page, say) => sees(page, say("account.unsubscribeBad")),
  },
];

async function enter(page: Page, say: Say): Promise<void> {
  await type(page, say("signin.email"), "nobody");
  await type(page, say("signin.password"), "not the right one");
  await press(page, say("signin.signIn"));
}
