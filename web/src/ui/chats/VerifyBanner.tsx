import { useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { useCountdown } from "../kit/countdown";
import { failureOf, wordsFor } from "../kit/failure";
import { Icon } from "../kit/Icon";
import { IconButton } from "../kit/IconButton";
import { toast, warn } from "../kit/toast";

/** Quietly, above the chats, until the address is confirmed or the banner is put away for now. */
export function VerifyBanner() {
  const isOffered = useMessenger((state) => state.features.has("email-verification"));
  const isVerified = useMessenger((state) => state.me?.emailVerified ?? true);
  const [isHidden, setHidden] = useState(false);
  if (!isOffered || isVerified || isHidden) return null;
  return (
    <div className="fade-in mx-4 mb-2 rounded-xl bg-sunken py-1 ps-3 pe-1 forced-colors:border">
      <div className="flex items-start gap-2">
        <Icon name="at" size={20} className="mt-3 text-accent" />
        <p className="flex-1 py-2.5 text-sm">{t("account.unverified")}</p>
        <IconButton icon="close" iconSize={18} label={t("kit.dismiss")} onClick={() => setHidden(true)} />
      </div>
      <Resend />
    </div>
  );
}

/** Sends the letter again, as often as the server does. */
export function Resend() {
  const actions = useActions();
  const email = useMessenger((state) => state.me?.email ?? "");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const seconds = useCountdown(failure);
  const send = async () => {
    setBusy(true);
    try {
      await actions.resendVerification();
      toast(t("account.letterSent", { email }));
    } catch (error) {
      const refused = failureOf(error);
      setFailure(refused);
      if (refused.code !== "rate_limited") warn(wordsFor(refused));
    }
    setBusy(false);
  };
  return (
    <Button look="plain" isBusy={isBusy} disabled={seconds > 0} onClick={() => void send()}>
      {seconds > 0 ? t("account.resendIn", { seconds }) : t("account.resend")}
    </Button>
  );
}
