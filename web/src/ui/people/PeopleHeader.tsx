import type { ReactNode } from "react";
import { t } from "../../i18n";
import { IconButton } from "../kit/IconButton";

interface Props {
  title: string;
  onClose: () => void;
  children?: ReactNode;
}

export function PeopleHeader({ title, onClose, children }: Props) {
  return (
    <header className="flex h-16 shrink-0 items-center gap-1 px-2">
      <IconButton icon="back" label={t("kit.back")} onClick={onClose} />
      <h1 className="min-w-0 flex-1 truncate text-xl font-bold">{title}</h1>
      {children}
    </header>
  );
}
