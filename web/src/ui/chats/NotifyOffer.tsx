import { type ReactNode, useRef, useState } from "react";
import { useStore } from "zustand";
import { t } from "../../i18n";
import type { State } from "../../sync/model";
import { useMessenger } from "../frame/messenger";
import { prefer, preferences } from "../frame/preferences";
import { useShell } from "../frame/shell";
import { Button } from "../kit/Button";
import { Offer } from "./Offer";

/**
 * To those who have written something, so that an answer is awaited: the browser asks only once. Two
 * notices at a time would push the chats out of sight, so what else there is to say waits.
 */
export function NotifyOffer({ otherwise }: { otherwise: ReactNode }) {
  const { notifications } = useShell();
  const [permission, setPermission] = useState(() => notifications.permission());
  const isWanted = useStore(preferences, (all) => all.offersNotices);
  const hasSent = useRef(false);
  hasSent.current = useMessenger((state) => hasSent.current || sentSomething(state));
  if (permission !== "default" || !isWanted || !hasSent.current) return otherwise;
  return (
    <Offer icon="bell" text={t("chats.notifyOffer")} onDismiss={() => prefer({ offersNotices: false })}>
      <Button look="plain" onClick={async () => setPermission(await notifications.ask())}>
        {t("settings.notifyAllow")}
      </Button>
    </Offer>
  );
}

function sentSomething({ chats, outbox, me }: State): boolean {
  if (Object.values(outbox).some((pending) => pending.length > 0)) return true;
  return Object.values(chats).some(
    ({ chat: { lastMessage } }) => lastMessage?.senderId === me?.id && !lastMessage?.system,
  );
}
