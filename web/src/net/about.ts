/** What the server says of itself. */

import * as v from "valibot";
import { unanswered, unreadable } from "./problem";

const schema = v.object({
  name: v.string(),
  version: v.string(),
  features: v.array(v.string()),
  limits: v.object({ contentChars: v.number(), outboxMessages: v.number(), groupMembers: v.number() }),
});

export type About = v.InferOutput<typeof schema>;

export async function about(): Promise<About> {
  const response = await fetch("/.well-known/nexuschat").catch(() => {
    throw unanswered();
  });
  const read = v.safeParse(schema, await response.json().catch(() => null));
  if (!response.ok || !read.success) throw unreadable();
  return read.output;
}
