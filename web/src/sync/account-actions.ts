/** What can be done about the account itself; much of it also by whoever is not signed in. */

import type { Rest } from "../net/rest";
import type { Messenger } from "./messenger";
import { byBrowser } from "./passkeys";
import { asked } from "./refusal";

/** `renew`: who the account is has changed, so ask anew if somebody is signed in. */
export function accountActions(rest: Rest, renew: () => Promise<void>) {
  const { account } = rest;
  const andRenew = async (work: Promise<void>) => {
    await asked(work);
    // It is done; that it does not show yet is no failure of it.
    await renew().catch(() => {});
  };
  return {
    changePassword: (wish) => asked(account.changePassword(wish)),
    forgotPassword: (email) => asked(account.forgotPassword(email)),
    resetPassword: (wish) => asked(account.resetPassword(wish)),
    changeEmail: (wish) => asked(account.changeEmail(wish)),
    resendVerification: () => asked(account.resendVerification()),
    verifyEmail: (token) => andRenew(account.verifyEmail(token)),
    confirmEmail: (token) => andRenew(account.confirmEmail(token)),
    revertEmail: (token) => andRenew(account.revertEmail(token)),
    unsubscribe: (token) => asked(account.unsubscribe(token)),
    stepUp: (proof) => asked(account.stepUp(proof)),
    stepUpByPasskey: () =>
      byBrowser(async ({ usePasskey }) => {
        await account.stepUp({ passkey: await usePasskey(await account.startPasskeyStepUp()) });
      }),
    startOidc: (provider, returnTo) => asked(account.startOidc(provider, returnTo)),
    readTicket: (ticket) => asked(account.readTicket(ticket)),
    links: () => asked(account.links()),
    linkByTicket: (ticket) => asked(account.linkByTicket(ticket)),
    unlink: (provider) => asked(account.unlink(provider)),
    passkeys: () => asked(account.passkeys()),
    addPasskey: (name) =>
      byBrowser(async ({ makePasskey }) => {
        const credential = await makePasskey(await account.startPasskey());
        return account.addPasskey({ name, credential });
      }),
    renamePasskey: (id, name) => asked(account.renamePasskey(id, name)),
    removePasskey: (id) => asked(account.removePasskey(id)),
    latestExport: async () => asked((await asked(rest.exports())).latest()),
    askExport: async () => asked((await asked(rest.exports())).ask()),
    setUpTotp: () => asked(account.setUpTotp()),
    enableTotp: (code) => asked(account.enableTotp(code)),
    disableTotp: () => asked(account.disableTotp()),
    renewRecoveryCodes: () => asked(account.renewRecoveryCodes()),
  } satisfies Partial<Messenger>;
}
