/** Why something did not work, from whatever the wire answered. */

import * as v from "valibot";
import type { Failure } from "../sync/model";
import type { ErrorCode, EventError, Hint } from "../wire";

export class NetError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = "NetError";
  }
}

const problem = v.object({
  code: v.custom<ErrorCode>((it) => typeof it === "string"),
  title: v.string(),
  hint: v.nullish(
    v.custom<Hint>((it) => typeof it === "string"),
    null,
  ),
  ban: v.nullish(v.object({ reason: v.string(), until: v.nullish(v.string(), null) }), null),
  errors: v.optional(v.array(v.object({ field: v.string(), message: v.string() })), []),
});

const RETRYABLE: ReadonlySet<Failure["code"]> = new Set([
  "offline",
  "rate_limited",
  "unavailable",
  "token_expired",
]);

/** There was no answer: whether the server did it is not known. */
export function unanswered(): NetError {
  return new NetError(failure("offline", "no answer from the server"));
}

/** Something answered, but not in our language: a proxy's page, or a newer server. */
export function unreadable(): NetError {
  return new NetError(failure("unavailable", "the answer can't be read"));
}

export function refusedWith(status: number, headers: Headers, body: unknown): NetError {
  const read = v.safeParse(problem, body);
  const retryAfterMs = retryAfterOf(headers);
  if (!read.success) return new NetError({ ...failure(codeOf(status), `HTTP ${status}`), retryAfterMs });
  const { code, title, errors, hint, ban } = read.output;
  const fields = Object.fromEntries(errors.map((error) => [error.field, error.message]));
  return new NetError({ ...failure(code, title), fields, retryAfterMs, hint, ...(ban && { ban }) });
}

export function refusedEvent(error: EventError): NetError {
  return new NetError({
    ...failure(error.code, error.message),
    retryAfterMs: error.retryAfterMs ?? null,
    isRetryable: error.retryable,
  });
}

function failure(code: Failure["code"], message: string): Failure {
  return { code, message, fields: {}, hint: null, retryAfterMs: null, isRetryable: RETRYABLE.has(code) };
}

/** For answers that are none of the server's own: proxies and load balancers have theirs. */
function codeOf(status: number): ErrorCode {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  if (status === 413) return "too_large";
  if (status === 429) return "rate_limited";
  return status >= 500 ? "unavailable" : "malformed";
}

function retryAfterOf(headers: Headers): number | null {
  const seconds = Number.parseInt(headers.get("Retry-After") ?? "", 10);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}
