import { useEffect, useState, useSyncExternalStore } from "react";
import { t } from "../../i18n";
import { about, type About as Server } from "../../net/about";
import { useShell } from "../frame/shell";
import { Button } from "../kit/Button";
import { Logo } from "../signin/Logo";

/** What this is, and which server it talks to. */
export function About() {
  const { install } = useShell();
  const isOffered = useSyncExternalStore(install.subscribe, install.isOffered);
  const [server, setServer] = useState<Server | null>(null);
  useEffect(() => {
    // Without an answer the page says that it is not known now.
    about().then(setServer, () => {});
  }, []);
  return (
    <div className="flex flex-col items-center gap-3 text-center">
      <Logo />
      <p className="text-xl font-semibold">{t("kit.appName")}</p>
      <p className="text-muted">{t("signin.slogan")}</p>
      <dl className="grid grid-cols-[auto_auto] gap-x-3 gap-y-1 text-start">
        <dt className="text-muted">{t("settings.server")}</dt>
        <dd>
          <bdi>{server ? `${server.name} ${server.version}` : t("settings.unknown")}</bdi>
        </dd>
        <dt className="text-muted">{t("settings.address")}</dt>
        <dd>
          <bdi>{location.host}</bdi>
        </dd>
      </dl>
      {isOffered && (
        <Button look="primary" icon="plus" onClick={() => void install.ask()}>
          {t("settings.install")}
        </Button>
      )}
    </div>
  );
}
