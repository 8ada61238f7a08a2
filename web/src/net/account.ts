/** What an account is signed in to with, and how it is kept. */

import * as v from "valibot";
import { ask, type Client, read } from "./ask";

const setup = v.object({ secret: v.string(), uri: v.string() });
const recoveryCodes = v.object({ codes: v.array(v.string()) });

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
    stepUp: (body: { password?: string; totp?: string }) =>
      ask(client.POST("/api/v1/auth/step-up", { body })),
    setUpTotp: () => read(client.POST("/api/v1/auth/totp/setup", { body: {} }), setup),
    enableTotp: async (code: string) =>
      (await read(client.POST("/api/v1/auth/totp/enable", { body: { code } }), recoveryCodes)).codes,
    disableTotp: () => ask(client.POST("/api/v1/auth/totp/disable", { body: {} })),
    renewRecoveryCodes: async () =>
      (await read(client.POST("/api/v1/auth/totp/recovery-codes", { body: {} }), recoveryCodes)).codes,
  };
}
