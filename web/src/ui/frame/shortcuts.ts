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
  messageMenu: { key: "Enter", text: "shortcut.messageMenu" },
} as const satisfies Record<string, Shortcut>;

export type ShortcutId = keyof typeof SHORTCUTS;

/** What lists listen for themselves: on the sheet below all the others. */
export const LIST_KEYS = [
  { keys: ["↑", "↓"], text: "shortcut.move" },
  { keys: ["Home", "End"], text: "shortcut.ends" },
] as const satisfies { keys: string[]; text: TextId }[];

type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey"> &
  Partial<Pick<KeyboardEvent, "code">>;

export function isPressed(id: ShortcutId, event: Keys): boolean {
  const wanted: Shortcut = SHORTCUTS[id];
  return (
    isKey(wanted.key, event) &&
    (event.ctrlKey || event.metaKey) === Boolean(wanted.mod) &&
    event.altKey === Boolean(wanted.alt) &&
    // Where "/" sits on the 7, it takes Shift to type it.
    (event.shiftKey === Boolean(wanted.shift) || wanted.key === "/")
  );
}

const CODES: Record<string, string> = { "/": "Slash" };

/** On a keyboard without Latin letters it is the key where the letter would be. */
function isKey(wanted: string, { key, code }: Keys): boolean {
  if (key.toLowerCase() === wanted.toLowerCase()) return true;
  const isForeign = key.length === 1 && key.charCodeAt(0) > 127;
  return isForeign && wanted.length === 1 && code === (CODES[wanted] ?? `Key${wanted.toUpperCase()}`);
}

const SIGNS: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Delete: "Del",
  Enter: "Enter",
};

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
