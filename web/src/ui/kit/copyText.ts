import { t } from "../../i18n";
import { toast, warn } from "./toast";

export async function copyText(text: string, said = t("chat.copied")): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    warn(t("chat.copyFailed"));
  }
}
