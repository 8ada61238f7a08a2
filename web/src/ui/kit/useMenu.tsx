import { type MouseEvent, type ReactNode, useRef, useState } from "react";
import type { ButtonProps } from "./Button";
import { IconButton } from "./IconButton";
import type { IconName } from "./icons";
import { later } from "./later";
import { Popup } from "./Popup";

export interface MenuItem {
  label: string;
  icon?: IconName;
  run: () => void;
  isDanger?: boolean;
  /** A line above it. */
  startsGroup?: boolean;
}

/** What it opens beside, or where. */
export type Anchor = Element | { x: number; y: number };

export interface Menu {
  isOpen: boolean;
  /** Opens beside an element, or where the pointer is. */
  openAt: (anchor: Anchor) => void;
  /** For `onContextMenu`. */
  openAtPointer: (event: MouseEvent) => void;
  /** To be rendered anywhere; nothing while it is closed. */
  popup: ReactNode;
}

interface Opened {
  nth: number;
  anchor: Anchor;
  host: Element | null;
}

const MenuPopup = later(async () => (await import("./MenuPopup")).MenuPopup);

/** A menu that is made only once it opens. `items` is asked then. */
export function useMenu(label: string, items: () => MenuItem[]): Menu {
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = (one: Opened) => setOpened((now) => (now === one ? null : now));
  const count = useRef(0);
  const open = (anchor: Anchor, host: Element | null) => {
    count.current += 1;
    setOpened({ nth: count.current, anchor, host });
  };
  return {
    isOpen: opened !== null,
    openAt: (anchor) => open(anchor, anchor instanceof Element ? anchor : document.activeElement),
    openAtPointer: (event) => {
      event.preventDefault();
      // The context-menu key brings no place with it.
      const isKey = event.clientX === 0 && event.clientY === 0;
      const host = event.currentTarget;
      open(isKey ? host : { x: event.clientX, y: event.clientY }, host);
    },
    // A new one each time: the one before may still be closing.
    popup: opened && (
      <Popup key={opened.nth} onFail={() => close(opened)}>
        <MenuPopup
          label={label}
          items={items()}
          anchor={opened.anchor}
          host={opened.host}
          onClose={() => close(opened)}
        />
      </Popup>
    ),
  };
}

interface MenuButtonProps extends Omit<ButtonProps, "icon" | "look"> {
  label: string;
  icon: IconName;
  items: () => MenuItem[];
  iconSize?: number;
}

export function MenuButton({ label, icon, items, ...rest }: MenuButtonProps) {
  const menu = useMenu(label, items);
  return (
    <>
      <IconButton
        icon={icon}
        label={label}
        aria-haspopup="menu"
        aria-expanded={menu.isOpen}
        onPointerEnter={MenuPopup.ahead}
        onClick={(event) => menu.openAt(event.currentTarget)}
        {...rest}
      />
      {menu.popup}
    </>
  );
}
