/** What the server says of itself. */

import * as v from "valibot";
import { unanswered, unreadable } from "./problem";
import { shelf } from "./shelf";

const schema = v.object({
  name: v.string(),
  version: v.string(),
  features: v.array(v.string()),
  oidc: v.optional(v.array(v.object({ id: v.string(), name: v.string() })), []),
  limits: v.object({ contentChars: v.number(), outboxMessages: v.number(), groupMembers: v.number() }),
});

export type About = v.InferOutput<typeof schema>;

const KEY = "nc-server";

/** What it said last: a start without a network offers what was there. */
export function aboutLastTime(): About | null {
  const text = shelf.getItem(KEY);
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return read.success ? read.output : null;
}

export async function about(): Promise<About> {
  const response = await fetch("/.well-known/nexuschat").catch(() => {
    throw unanswered();
  });
  const read = v.safeParse(schema, await response.json().catch(() => null));
  if (!response.ok || !read.success) throw unreadable();
  shelf.setItem(KEY, JSON.stringify(read.output));
  return read.output;
}
