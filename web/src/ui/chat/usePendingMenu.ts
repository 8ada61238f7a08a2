import { type ReactNode, useCallback, useRef } from "react";
import { t } from "../../i18n";
import type { Pending } from "../../sync/model";
import { useActions } from "../frame/messenger";
import { useMenu } from "../kit/useMenu";
import { copy } from "./messageActions";
import type { Anchor } from "./tools";

/** What can be done with a message that has not arrived yet. */
export function usePendingMenu(amend: (pending: Pending) => void): {
  open: (pending: Pending, anchor: Anchor) => void;
  popup: ReactNode;
} {
  const actions = useActions();
  const chosen = useRef<Pending | null>(null);
  const menu = useMenu(t("chat.moreActions"), () => {
    const pending = chosen.current;
    if (!pending) return [];
    return [
      { label: t("chat.edit"), icon: "edit", run: () => amend(pending) },
      { label: t("chat.copy"), icon: "copy", run: () => void copy(pending) },
      { label: t("chat.delete"), icon: "trash", isDanger: true, run: () => actions.discard(pending) },
    ];
  });
  const latest = useRef(menu.openAt);
  latest.current = menu.openAt;
  const open = useCallback((pending: Pending, anchor: Anchor) => {
    chosen.current = pending;
    latest.current(anchor);
  }, []);
  return { open, popup: menu.popup };
}
