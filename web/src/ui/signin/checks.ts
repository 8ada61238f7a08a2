import { t } from "../../i18n";
import type { Failure } from "../../sync/model";

export const MIN_PASSWORD = 10;
export const MAX_NAME = 64;

export type FieldName = "email" | "username" | "displayName" | "password";

/** What is plainly wrong, told without asking the server, which has the last word. */
export const CHECKS: Record<FieldName, (text: string) => string | null> = {
  email: (text) => (/^[^\s@]+@[^\s@]+$/.test(text) ? null : t("signin.emailWrong")),
  username: (text) => (/^[a-z0-9][a-z0-9_.]{2,31}$/i.test(text) ? null : t("signin.usernameWrong")),
  displayName: (text) => ([...text].length <= MAX_NAME ? null : t("signin.tooLong", { max: MAX_NAME })),
  password: (text) =>
    [...text].length >= MIN_PASSWORD ? null : t("signin.passwordShort", { min: MIN_PASSWORD }),
};

export type Errors = Partial<Record<FieldName, string>>;

export function check(values: Record<FieldName, string>): Errors {
  const errors: Errors = {};
  for (const [field, isWrong] of Object.entries(CHECKS) as [FieldName, (typeof CHECKS)[FieldName]][]) {
    const wrong = values[field] === "" ? t("signin.missing") : isWrong(values[field]);
    if (wrong) errors[field] = wrong;
  }
  return errors;
}

/** What the server found wrong, in the reader's language where we know the rule. */
export function fromServer({ code, fields }: Pick<Failure, "code" | "fields">): Errors {
  const errors: Errors = {};
  const isTaken = code === "conflict";
  if (fields.email) errors.email = t(isTaken ? "signin.emailTaken" : "signin.emailWrong");
  if (fields.username) errors.username = t(isTaken ? "signin.usernameTaken" : "signin.usernameWrong");
  // Too short ones don't get as far as the server.
  if (fields.password) errors.password = t("signin.passwordWeak");
  if (fields.displayName) errors.displayName = fields.displayName;
  return errors;
}
