import { Fragment } from "react";
import { t } from "../../i18n";
import { Dialog } from "../kit/Dialog";
import { keysOf, LIST_KEYS, SHORTCUTS, type ShortcutId } from "./shortcuts";

export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("shortcut.title")} onClose={onClose}>
      <ShortcutTable />
    </Dialog>
  );
}

const IS_MAC = /mac|iphone|ipad/i.test(navigator.userAgent);

export function ShortcutTable() {
  const ids = Object.keys(SHORTCUTS) as ShortcutId[];
  const rows = [...ids.map((id) => ({ keys: keysOf(id, IS_MAC), text: SHORTCUTS[id].text })), ...LIST_KEYS];
  return (
    <dl className="grid grid-cols-[minmax(0,3fr)_minmax(0,2fr)] items-center">
      {rows.map(({ keys, text }) => (
        <Fragment key={text}>
          <dt className="border-b border-line py-2.5 pe-4 wrap-anywhere">{t(text)}</dt>
          <dd
            className="flex h-full flex-wrap items-center justify-end gap-1 py-1 border-b border-line"
            dir="ltr"
          >
            {keys.map((key) => (
              <kbd key={key} className="min-w-7 rounded-lg bg-sunken px-2 py-1 text-center font-sans text-sm">
                {key}
              </kbd>
            ))}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
