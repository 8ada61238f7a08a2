import { useRef, useState } from "react";
import { useStore } from "zustand";
import { t } from "../../i18n";
import type { State } from "../../sync/model";
import { useMessenger } from "../frame/messenger";
import { prefer, preferences } from "../frame/preferences";
import { useShell } from "../frame/shell";
import { Button } from "../kit/Button";
import { Icon } from "../kit/Icon";
import { IconButton } from "../kit/IconButton";

/** To those who have written something, so that an answer is awaited: the browser asks only once. */
export function NotifyOffer() {
  const { notifications } = useShell();
  const [permission, setPermission] = useState(() => notifications.permission());
  const isWanted = useStore(preferences, (all) => all.offersNotices);
  const hasSent = useRef(false);
  hasSent.current = useMessenger((state) => hasSent.current || sentSomething(state));
  if (permission !== "default" || !isWanted || !hasSent.current) return null;
  return (
    <div className="fade-in mx-4 mb-2 rounded-xl bg-sunken py-1 ps-3 pe-1 forced-colors:border">
      <div className="flex items-start gap-2">
        <Icon name="bell" size={20} className="mt-3 text-accent" />
        <p className="flex-1 py-2.5 text-sm">{t("chats.notifyOffer")}</p>
        <IconButton
          icon="close"
          iconSize={18}
          label={t("kit.dismiss")}
          onClick={() => prefer({ offersNotices: false })}
        />
      </div>
      <Button look="plain" className="ms-3" onClick={async () => setPermission(await notifications.ask())}>
        {t("settings.notifyAllow")}
      </Button>
    </div>
  );
}

function sentSomething({ chats, outbox, me }: State): boolean {
  if (Object.values(outbox).some((pending) => pending.length > 0)) return true;
  return Object.values(chats).some(
    ({ chat: { lastMessage } }) => lastMessage?.senderId === me?.id && !lastMessage?.system,
  );
}
