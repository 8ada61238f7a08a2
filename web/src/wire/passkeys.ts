/** What crosses the wire for passkeys, checked on entry. */

import * as v from "valibot";
import type { Passkey, PasskeyCreation, PasskeyRequest } from ".";
import type { Schema } from "./schemas";

export const passkey: Schema<Passkey> = v.object({
  id: v.string(),
  name: v.string(),
  backedUp: v.boolean(),
  createdAt: v.string(),
  lastUsedAt: v.optional(v.nullable(v.string())),
});

const descriptors = v.array(
  v.object({ type: v.string(), id: v.string(), transports: v.optional(v.array(v.string())) }),
);

export const passkeyCreation: Schema<PasskeyCreation> = v.object({
  publicKey: v.object({
    rp: v.object({ id: v.string(), name: v.string() }),
    user: v.object({ id: v.string(), name: v.string(), displayName: v.string() }),
    challenge: v.string(),
    pubKeyCredParams: v.array(v.object({ type: v.string(), alg: v.number() })),
    timeout: v.number(),
    excludeCredentials: descriptors,
    authenticatorSelection: v.object({
      residentKey: v.string(),
      requireResidentKey: v.boolean(),
      userVerification: v.string(),
    }),
    attestation: v.string(),
  }),
});

export const passkeyRequest: Schema<PasskeyRequest> = v.object({
  publicKey: v.object({
    challenge: v.string(),
    timeout: v.number(),
    rpId: v.string(),
    allowCredentials: descriptors,
    userVerification: v.string(),
  }),
});
