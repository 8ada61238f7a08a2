import { lazy, type MouseEvent, type ReactNode, Suspense, useState } from "react";
import type { ButtonProps } from "./Button";
import { IconButton } from "./IconButton";
import type { IconName } from "./icons";

export interface MenuItem {
  label: string;
  icon?: IconName;
  run: () => void;
  isDanger?: boolean;
  /** A tick before it; `undefined` where there is nothing to tick. */
  isChecked?: boolean;
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

const loadPopup = () => import("./MenuPopup");
const MenuPopup = lazy(async () => ({ default: (await loadPopup()).MenuPopup }));

/** A menu that is made only once it opens. `items` is asked then. */
export function useMenu(label: string, items: () => MenuItem[]): Menu {
  const [anchor, setAnchor] = useState<Anchor | null>(null);
  const [host, setHost] = useState<Element | null>(null);
  return {
    isOpen: anchor !== null,
    openAt: (anchor) => {
      setAnchor(anchor);
      setHost(anchor instanceof Element ? anchor : document.activeElement);
    },
    openAtPointer: (event) => {
      event.preventDefault();
      // The context-menu key brings no place with it.
      setHost(event.currentTarget);
      const isKey = event.clientX === 0 && event.clientY === 0;
      setAnchor(isKey ? event.currentTarget : { x: event.clientX, y: event.clientY });
    },
    popup: anchor && (
      <Suspense>
        <MenuPopup
          label={label}
          items={items()}
          anchor={anchor}
          host={host}
          onClose={() => setAnchor(null)}
        />
      </Suspense>
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
        onPointerEnter={() => void loadPopup()}
        onClick={(event) => menu.openAt(event.currentTarget)}
        {...rest}
      />
      {menu.popup}
    </>
  );
}
