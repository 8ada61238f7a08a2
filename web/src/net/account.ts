/** What an account is signed in to with, and how it is kept. */

import * as v from "valibot";
import type { Leavings, NewCredential, PasskeyCreation, PasskeyRequest, UsedCredential } from "../wire";
import { oidcFound, oidcLinks } from "../wire/oidc";
import { passkey, passkeyCreation, passkeyRequest } from "../wire/passkeys";
import { ask, type Client, read } from "./ask";

const setup = v.object({ secret: v.string(), uri: v.string() });
const deletion = v.object({ deletion: v.object({ at: v.string() }) });
const recoveryCodes = v.object({ codes: v.array(v.string()) });
const started = v.object({ url: v.string() });

export function account(client: Client) {
  return {
    changePassword: (body: { current: string; password: string }) =>
      ask(client.POST("/api/v1/auth/change-password", { body })),
    forgotPassword: (email: string) => ask(client.POST("/api/v1/auth/forgot-password", { body: { email } })),
    resetPassword: (body: { token: string; password: string }) =>
      ask(client.POST("/api/v1/auth/reset-password", { body })),
    resendVerification: () => ask(client.POST("/api/v1/auth/resend-verification")),
    changeEmail: (body: { email: string; password: string }) =>
      ask(client.POST("/api/v1/auth/change-email", { body })),
    verifyEmail: (token: string) => ask(client.POST("/api/v1/auth/verify-email", { body: { token } })),
    confirmEmail: (token: string) => ask(client.POST("/api/v1/auth/confirm-email", { body: { token } })),
    revertEmail: (token: string) => ask(client.POST("/api/v1/auth/revert-email", { body: { token } })),
    passkeys: async () =>
      (await read(client.GET("/api/v1/auth/passkeys"), v.object({ passkeys: v.array(passkey) }))).passkeys,
    startPasskey: (): Promise<PasskeyCreation> =>
      read(client.POST("/api/v1/auth/passkeys/register/start", { body: {} }), passkeyCreation),
    addPasskey: (body: { name: string; credential: NewCredential }) =>
      read(client.POST("/api/v1/auth/passkeys/register/finish", { body }), passkey),
    renamePasskey: (id: string, name: string) =>
      read(client.PATCH("/api/v1/auth/passkeys/{id}", { params: { path: { id } }, body: { name } }), passkey),
    removePasskey: (id: string) =>
      ask(client.DELETE("/api/v1/auth/passkeys/{id}", { params: { path: { id } } })),
    startOidc: async (provider: string, returnTo: string) => {
      const route = "/api/v1/auth/oidc/{provider}/start";
      const asked = client.POST(route, { params: { path: { provider } }, body: { returnTo } });
      return (await read(asked, started)).url;
    },
    readTicket: (ticket: string) =>
      read(client.POST("/api/v1/auth/oidc/ticket", { body: { ticket } }), oidcFound),
    links: async () => (await read(client.GET("/api/v1/auth/oidc/links"), oidcLinks)).links,
    linkByTicket: (ticket: string) => ask(client.POST("/api/v1/auth/oidc/links", { body: { ticket } })),
    unlink: (provider: string) =>
      ask(client.DELETE("/api/v1/auth/oidc/links/{provider}", { params: { path: { provider } } })),
    startPasskeyStepUp: (): Promise<PasskeyRequest> =>
      read(client.POST("/api/v1/auth/passkeys/step-up"), passkeyRequest),
    unsubscribe: (token: string) => ask(client.POST("/api/v1/unsubscribe", { body: { token } })),
    stepUp: (body: { password?: string; totp?: string; passkey?: UsedCredential }) =>
      ask(client.POST("/api/v1/auth/step-up", { body })),
    deleteMe: async (messages: Leavings) =>
      (await read(client.DELETE("/api/v1/users/me", { body: { messages } }), deletion)).deletion.at,
    setUpTotp: () => read(client.POST("/api/v1/auth/totp/setup", { body: {} }), setup),
    enableTotp: async (code: string) =>
      (await read(client.POST("/api/v1/auth/totp/enable", { body: { code } }), recoveryCodes)).codes,
    disableTotp: () => ask(client.POST("/api/v1/auth/totp/disable", { body: {} })),
    renewRecoveryCodes: async () =>
      (await read(client.POST("/api/v1/auth/totp/recovery-codes", { body: {} }), recoveryCodes)).codes,
  };
}
