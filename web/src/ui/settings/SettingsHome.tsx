import { useState } from "react";
import { type TextId, t } from "../../i18n";
import { useMessenger } from "../frame/messenger";
import { paths, SETTINGS_SECTIONS, type SettingsSection } from "../frame/paths";
import { To } from "../frame/To";
import { ActionRow } from "../kit/ActionRow";
import { Avatar } from "../kit/Avatar";
import { cx } from "../kit/cx";
import { Icon } from "../kit/Icon";
import { IconButton } from "../kit/IconButton";
import type { IconName } from "../kit/icons";
import { OneLine } from "../kit/OneLine";
import { SignOutDialog } from "./SignOutDialog";

const ICONS: Record<SettingsSection, IconName> = {
  profile: "person",
  account: "at",
  privacy: "eye-off",
  devices: "device",
  notifications: "bell",
  appearance: "sun",
  storage: "storage",
  moderation: "shield",
  shortcuts: "keyboard",
  about: "info",
};

export const SECTION_TITLES = {
  profile: "settings.profile",
  account: "account.title",
  privacy: "privacy.title",
  devices: "settings.devices",
  notifications: "settings.notifications",
  appearance: "settings.appearance",
  storage: "settings.storage",
  moderation: "moderation.title",
  shortcuts: "shortcut.title",
  about: "settings.about",
} as const satisfies Record<SettingsSection, TextId>;

interface Props {
  /** Which section shows beside it. */
  current: SettingsSection | null;
  onClose: () => void;
}

export function SettingsHome({ current, onClose }: Props) {
  const me = useMessenger((state) => state.me);
  const features = useMessenger((state) => state.features);
  const sections = SETTINGS_SECTIONS.filter((section) => {
    if (section === "moderation") return features.has("reports") && me?.role !== "user";
    return section !== "privacy" || features.has("privacy");
  });
  const [isLeaving, setLeaving] = useState(false);
  return (
    <>
      <header className="flex h-16 shrink-0 items-center gap-1 px-2">
        <IconButton icon="back" label={t("kit.back")} onClick={onClose} />
        <h1 className="text-xl font-bold">{t("settings.title")}</h1>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        <div className="flex items-center gap-4 px-3 pt-2 pb-5">
          <Avatar id={me?.id ?? ""} name={me?.displayName ?? ""} size={64} />
          <div className="min-w-0">
            <OneLine className="text-lg font-semibold">{me?.displayName}</OneLine>
            <OneLine className="text-muted">@{me?.username}</OneLine>
          </div>
        </div>
        <ul>
          {sections.map((section) => (
            <li key={section} className={section === "shortcuts" ? "pointer-coarse:hidden" : undefined}>
              <To
                href={paths.settings(section)}
                aria-current={section === current ? "page" : undefined}
                className={cx(
                  "flex min-h-12 items-center gap-4 rounded-xl px-3",
                  section === current ? "wide:bg-selected" : "hover:bg-hover",
                )}
              >
                <Icon name={ICONS[section]} className="text-accent" />
                {t(SECTION_TITLES[section])}
                <Icon name="chevron" size={18} className="ms-auto text-muted wide:hidden" />
              </To>
            </li>
          ))}
        </ul>
        <div className="mt-2">
          <ActionRow isDanger icon="logout" label={t("settings.signOut")} onClick={() => setLeaving(true)} />
        </div>
      </div>
      {isLeaving && <SignOutDialog onClose={() => setLeaving(false)} />}
    </>
  );
}
