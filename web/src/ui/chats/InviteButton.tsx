import { t } from "../../i18n";
import { useShell } from "../frame/shell";
import { Button } from "../kit/Button";
import { toast, warn } from "../kit/toast";

/** Hands on where this is: by the system's sheet, or for pasting. */
export function InviteButton() {
  const { share } = useShell();
  const invite = async () => {
    const url = location.origin;
    try {
      if (share) return await share({ title: t("kit.appName"), text: t("chats.inviteText"), url });
      await navigator.clipboard.writeText(url);
      toast(t("group.invite.copied"));
    } catch {
      warn(t("chat.copyFailed"));
    }
  };
  return (
    <Button icon="forward" onClick={() => void invite()}>
      {t("chats.invite")}
    </Button>
  );
}
