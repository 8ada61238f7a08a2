/** Why something did not work, whoever said so. */

import type { Failure } from "./model";

export class Refusal extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = "Refusal";
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof Error && "failure" in error) return error.failure as Failure;
  return {
    code: "unavailable",
    message: error instanceof Error ? error.message : "",
    fields: {},
    hint: null,
    retryAfterMs: null,
    isRetryable: true,
  };
}

export function refusal(code: Failure["code"], message: string): Refusal {
  return new Refusal({ code, message, fields: {}, hint: null, retryAfterMs: null, isRetryable: false });
}

/** What screens get: whatever went wrong, it is a `Refusal`. */
export async function asked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(failureOf(error));
  }
}
