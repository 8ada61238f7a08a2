import { locale, t } from "../../i18n";
import { Refusal } from "../../sync/messenger";
import type { Failure } from "../../sync/model";
import type { BanNotice } from "../../wire";

const HOUR_MS = 60 * 60 * 1_000;

/** What went wrong and what to do, in the reader's words. */
export function wordsFor(failure: Pick<Failure, "code"> & Partial<Failure>): string {
  switch (failure.code) {
    case "rate_limited":
      return tooMuch(failure.retryAfterMs ?? 1_000);
    case "forbidden":
      if (failure.hint === "verify_email") return t("account.verifyFirst");
      return t(failure.fields?.userIds ? "contacts.notAddable" : "failure.forbidden");
    case "banned":
      return failure.ban ? banned(failure.ban) : t("failure.banned");
    case "token_expired":
      return t("failure.unauthenticated");
    case "unsupported_media":
      return t("failure.malformed");
    default:
      return known(`failure.${failure.code}`);
  }
}

/** A newer server may have others. */
function known(id: Parameters<typeof t>[0]): string {
  const words = t(id);
  return words === id ? t("failure.unknown") : words;
}

/** What takes days is not counted in seconds. */
function tooMuch(waitMs: number): string {
  if (waitMs < HOUR_MS) return t("failure.rate_limited", { seconds: Math.ceil(waitMs / 1_000) });
  const date = new Date(Date.now() + waitMs).toLocaleString(locale(), {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return t("failure.rateLimitedUntil", { date });
}

function banned({ reason, until }: BanNotice): string {
  if (!until) return t("failure.bannedForGood", { reason });
  const date = new Date(until).toLocaleString(locale(), { dateStyle: "long", timeStyle: "short" });
  return t("failure.bannedUntil", { reason, date });
}

/** The failure inside of whatever a promise was rejected with. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Refusal) return error.failure;
  return { code: "unavailable", message: "", fields: {}, hint: null, retryAfterMs: null, isRetryable: true };
}
