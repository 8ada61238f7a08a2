import type { TextId } from "../../i18n";

export interface Shortcut {
  key: string;
  /** Ctrl, or Cmd on a Mac. */
  mod?: boolean;
  alt?: boolean;
  shift?: boolean;
  /** On the sheet. */
  text: TextId;
}

/** Every key there is: both what is listened for and what the sheet tells. */
export const SHORTCUTS = {
  region: { key: "F6", text: "shortcut.region" },
  find: { key: "k", mod: true, text: "shortcut.find" },
  sheet: { key: "/", mod: true, text: "shortcut.sheet" },
  previousChat: { key: "ArrowUp", alt: true, text: "shortcut.previousChat" },
  nextChat: { key: "ArrowDown", alt: true, text: "shortcut.nextChat" },
  previousUnread: { key: "ArrowUp", alt: true, shift: true, text: "shortcut.previousUnread" },
  nextUnread: { key: "ArrowDown", alt: true, shift: true, text: "shortcut.nextUnread" },
  leave: { key: "Escape", text: "shortcut.closeOrBack" },
  findInChat: { key: "f", mod: true, text: "shortcut.findInChat" },
  editLast: { key: "ArrowUp", text: "shortcut.editLast" },
  reply: { key: "r", text: "shortcut.reply" },
  edit: { key: "e", text: "shortcut.edit" },
  remove: { key: "Delete", text: "shortcut.remove" },
} as const satisfies Record<string, Shortcut>;

export type ShortcutId = keyof typeof SHORTCUTS;

type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

export function isPressed(id: ShortcutId, event: Keys): boolean {
  const wanted: Shortcut = SHORTCUTS[id];
  return (
    event.key.toLowerCase() === wanted.key.toLowerCase() &&
    (event.ctrlKey || event.metaKey) === Boolean(wanted.mod) &&
    event.altKey === Boolean(wanted.alt) &&
    // Where "/" sits on the 7, it takes Shift to type it.
    (event.shiftKey === Boolean(wanted.shift) || wanted.key === "/")
  );
}

const SIGNS: Record<string, string> = { ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", Delete: "Del" };

/** As printed on the keys: `["Ctrl", "K"]`, `["⌘", "K"]`. */
export function keysOf(id: ShortcutId, isMac: boolean): string[] {
  const { key, mod, alt, shift }: Shortcut = SHORTCUTS[id];
  const keys = [
    mod && (isMac ? "⌘" : "Ctrl"),
    alt && (isMac ? "⌥" : "Alt"),
    shift && (isMac ? "⇧" : "Shift"),
  ];
  return [...keys.filter((name) => typeof name === "string"), SIGNS[key] ?? key.toUpperCase()];
}
