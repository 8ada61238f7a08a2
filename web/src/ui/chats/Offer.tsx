import type { ReactNode } from "react";
import { t } from "../../i18n";
import { Icon } from "../kit/Icon";
import { IconButton } from "../kit/IconButton";
import type { IconName } from "../kit/icons";

interface Props {
  icon: IconName;
  text: string;
  onDismiss: () => void;
  /** What can be done about it. */
  children: ReactNode;
}

/** Something to do, above the chats, that can be put away. */
export function Offer({ icon, text, onDismiss, children }: Props) {
  return (
    <div className="fade-in mx-4 mb-2 rounded-xl bg-sunken py-1 ps-3 pe-1 forced-colors:border">
      <div className="flex items-start gap-2">
        <Icon name={icon} size={20} className="mt-3 text-accent" />
        <p className="flex-1 py-2.5 text-sm">{text}</p>
        <IconButton icon="close" iconSize={18} label={t("kit.dismiss")} onClick={onDismiss} />
      </div>
      <div className="ms-3">{children}</div>
    </div>
  );
}
