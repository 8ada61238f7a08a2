import type { ComponentType } from "react";
import { t } from "../../i18n";
import { back } from "../frame/navigation";
import { paths, type SettingsSection } from "../frame/paths";
import { ShortcutTable } from "../frame/ShortcutSheet";
import { IconButton } from "../kit/IconButton";
import { later } from "../kit/later";
import { About } from "./About";
import { Account } from "./Account";
import { Appearance } from "./Appearance";
import { Devices } from "./Devices";
import { Notifications } from "./Notifications";
import { Privacy } from "./Privacy";
import { Profile } from "./Profile";
import { SECTION_TITLES } from "./SettingsHome";
import { Storage } from "./Storage";

const Moderation = later(async () => (await import("../moderation/Moderation")).Moderation);

const PAGES: Record<SettingsSection, ComponentType> = {
  profile: Profile,
  account: Account,
  privacy: Privacy,
  devices: Devices,
  notifications: Notifications,
  appearance: Appearance,
  storage: Storage,
  moderation: Moderation,
  shortcuts: ShortcutTable,
  about: About,
};

export function SettingsPage({ section }: { section: SettingsSection }) {
  const Page = PAGES[section];
  return (
    <>
      <header className="flex h-16 shrink-0 items-center gap-1 bg-surface px-2 wide:px-6">
        <IconButton
          icon="back"
          label={t("kit.back")}
          onClick={() => back(paths.settings())}
          className="wide:hidden"
        />
        <h1 className="line-clamp-2 text-xl leading-tight font-bold wrap-anywhere">
          {t(SECTION_TITLES[section])}
        </h1>
      </header>
      <div
        className="min-h-0 flex-1 overflow-y-auto p-4 wide:p-6"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- nothing in that one takes the focus, so keys could not scroll it
        tabIndex={section === "shortcuts" ? 0 : undefined}
      >
        <div
          className="mx-auto max-w-160 rounded-2xl bg-surface p-5 wrap-anywhere forced-colors:border"
          key={section}
        >
          <Page />
        </div>
      </div>
    </>
  );
}
