/**
 * The browser's part of passkeys: what the server asks an authenticator, and what that answers.
 * Converted here, as not every browser reads and writes the JSON of WebAuthn by itself yet.
 */

import type { NewCredential, PasskeyCreation, PasskeyRequest, UsedCredential } from "../wire";

type Descriptor = PasskeyRequest["publicKey"]["allowCredentials"][number];

/** Rejects with a `DOMException` where nothing came of it; see `calledOff`. */
export async function makePasskey({ publicKey: asked }: PasskeyCreation): Promise<NewCredential> {
  const made = await navigator.credentials.create({
    publicKey: {
      rp: asked.rp,
      user: { ...asked.user, id: bytes(asked.user.id) },
      challenge: bytes(asked.challenge),
      pubKeyCredParams: asked.pubKeyCredParams.map(({ alg }) => ({ type: "public-key", alg })),
      timeout: asked.timeout,
      excludeCredentials: asked.excludeCredentials.map(descriptor),
      authenticatorSelection: {
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
      attestation: "none",
    },
  });
  const key = publicKeyOf(made);
  if (!(key.response instanceof AuthenticatorAttestationResponse)) throw nothing();
  const { clientDataJSON, attestationObject } = key.response;
  return {
    id: key.id,
    response: {
      clientDataJSON: text(clientDataJSON),
      attestationObject: text(attestationObject),
      transports: key.response.getTransports?.() ?? [],
    },
  };
}

export async function usePasskey({ publicKey: asked }: PasskeyRequest): Promise<UsedCredential> {
  const used = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(asked.challenge),
      timeout: asked.timeout,
      rpId: asked.rpId,
      allowCredentials: asked.allowCredentials.map(descriptor),
      userVerification: "required",
    },
  });
  const key = publicKeyOf(used);
  if (!(key.response instanceof AuthenticatorAssertionResponse)) throw nothing();
  const { clientDataJSON, authenticatorData, signature, userHandle } = key.response;
  return {
    id: key.id,
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      ...(userHandle && { userHandle: text(userHandle) }),
    },
  };
}

function publicKeyOf(credential: Credential | null): PublicKeyCredential {
  if (credential instanceof PublicKeyCredential) return credential;
  throw nothing();
}

const nothing = () => new DOMException("no passkey came of it", "NotAllowedError");

function descriptor({ id, transports }: Descriptor): PublicKeyCredentialDescriptor {
  return { type: "public-key", id: bytes(id), transports: (transports ?? []) as AuthenticatorTransport[] };
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
