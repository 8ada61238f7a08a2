import { t } from "../../i18n";
import { toast, warn } from "./toast";

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("chat.copied"));
  } catch {
    warn(t("chat.copyFailed"));
  }
}
