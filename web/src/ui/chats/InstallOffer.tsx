import { useSyncExternalStore } from "react";
import { useStore } from "zustand";
import { t } from "../../i18n";
import { prefer, preferences } from "../frame/preferences";
import { useShell } from "../frame/shell";
import { Button } from "../kit/Button";
import { Offer } from "./Offer";

/** To those who come back: the browser's own offer was kept from them on their first visit. */
export function InstallOffer() {
  const { install } = useShell();
  const isOffered = useSyncExternalStore(install.subscribe, install.isOffered);
  const isWanted = useStore(preferences, (all) => all.offersInstall);
  if (!isOffered || !isWanted) return null;
  return (
    <Offer icon="device" text={t("chats.installOffer")} onDismiss={() => prefer({ offersInstall: false })}>
      <Button look="plain" onClick={() => void install.ask()}>
        {t("settings.install")}
      </Button>
    </Offer>
  );
}
