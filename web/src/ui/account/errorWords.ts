import { t } from "../../i18n";

const WORDS = {
  expired: "account.elsewhereExpired",
  invalid: "account.elsewhereInvalid",
  refused: "account.elsewhereRefused",
  unavailable: "account.elsewhereUnavailable",
} as const;

/** Why a provider's page led back with nothing. */
export function errorWords(error = "invalid"): string {
  const known = Object.keys(WORDS).find((word) => word === error) as keyof typeof WORDS | undefined;
  return t(WORDS[known ?? "invalid"], { name: t("account.elsewhereProvider") });
}
