/** One question to the server: its checked answer, or a `NetError`. */

import createClient from "openapi-fetch";
import * as v from "valibot";
import type { paths } from "../wire/rest";
import type { Schema } from "../wire/schemas";
import { NetError, refusedWith, unanswered, unreadable } from "./problem";
import type { Session } from "./session";

export type Client = ReturnType<typeof createClient<paths>>;

interface Answer {
  data?: unknown;
  error?: unknown;
  response: Response;
}

export function clientOf(session: Session, baseUrl: string): Client {
  return createClient<paths>({ baseUrl, fetch: (request) => session.fetch(request) });
}

/** For routes that have nothing to tell but that it is done. */
export async function ask(asked: Promise<Answer>): Promise<void> {
  await outcome(asked);
}

export async function read<T>(asked: Promise<Answer>, schema: Schema<T>): Promise<T> {
  const result = v.safeParse(schema, await outcome(asked));
  if (!result.success) throw unreadable();
  return result.output;
}

async function outcome(asked: Promise<Answer>): Promise<unknown> {
  const { data, error, response } = await asked.catch((cause) => {
    // A body that breaks off or is not JSON is no answer either.
    throw cause instanceof NetError ? cause : unanswered();
  });
  if (!response.ok) throw refusedWith(response.status, response.headers, error);
  return data;
}
