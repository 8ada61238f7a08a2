import { type ReactNode, useState } from "react";
import { t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { useCountdown } from "../kit/countdown";
import { failureOf, wordsFor } from "../kit/failure";
import { toast, warn } from "../kit/toast";
import { Offer } from "./Offer";

/** Quietly, above the chats, until the address is confirmed or the banner is put away for now. */
export function VerifyBanner({ otherwise }: { otherwise: ReactNode }) {
  const isOffered = useMessenger((state) => state.features.has("email-verification"));
  const isVerified = useMessenger((state) => state.me?.emailVerified ?? true);
  const [isHidden, setHidden] = useState(false);
  if (!isOffered || isVerified || isHidden) return otherwise;
  return (
    <Offer icon="at" text={t("account.unverified")} onDismiss={() => setHidden(true)}>
      <Resend />
    </Offer>
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
