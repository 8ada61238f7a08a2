/** What crosses the wire for accounts elsewhere, checked on entry. */

import * as v from "valibot";
import type { OidcFound, OidcLink } from ".";
import type { Schema } from "./schemas";

const provider = v.object({ id: v.string(), name: v.string() });
const text = v.optional(v.nullable(v.string()));

export const oidcFound: Schema<OidcFound> = v.object({
  next: v.picklist(["login", "signup", "link"]),
  provider,
  email: text,
  username: text,
  displayName: text,
});

export const oidcLinks: Schema<{ links: OidcLink[] }> = v.object({
  links: v.array(v.object({ provider, label: text, createdAt: v.string() })),
});
