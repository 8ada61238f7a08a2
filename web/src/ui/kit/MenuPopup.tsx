import { Menu } from "@base-ui/react/menu";
import { useState } from "react";
import { useCloseRequest } from "./closeRequest";
import { cx } from "./cx";
import { Icon } from "./Icon";
import { useNewPress } from "./newPress";
import type { Anchor, MenuItem } from "./useMenu";

interface Props {
  label: string;
  items: MenuItem[];
  anchor: Anchor;
  /** Where it belongs: it must not lie beneath a dialog that it is opened from. */
  host: Element | null;
  onClose: () => void;
}

/** In a chunk of its own: nothing needs it before the first menu opens. */
export function MenuPopup({ label, items, anchor, host, onClose }: Props) {
  const [isOpen, setOpen] = useState(true);
  const isNewPress = useNewPress();
  useCloseRequest(() => setOpen(false));
  const isElement = anchor instanceof Element;
  return (
    <Menu.Root
      open={isOpen}
      onOpenChange={(open, { reason }) => {
        if (open || reason !== "outside-press" || isNewPress()) setOpen(open);
      }}
      onOpenChangeComplete={(open) => open || onClose()}
    >
      <Menu.Portal container={host?.closest<HTMLElement>("dialog, main, nav") ?? undefined}>
        <Menu.Positioner
          anchor={isElement ? anchor : pointAt(anchor)}
          align={isElement ? "end" : "start"}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <Menu.Popup
            aria-label={label}
            className="popup max-h-(--available-height) min-w-52 max-w-(--available-width) overflow-y-auto rounded-2xl border border-line bg-raised p-1.5 text-ink shadow-pop outline-none"
          >
            {items.map((item) => (
              <Row key={item.label} item={item} />
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Row({ item }: { item: MenuItem }) {
  const look = cx(
    "flex min-h-11 cursor-default select-none items-center gap-3 rounded-xl px-3 outline-none",
    "data-highlighted:bg-hover forced-colors:data-highlighted:outline-2",
    item.isDanger && "text-danger data-highlighted:bg-danger-soft",
  );
  return (
    <>
      {item.startsGroup && <Menu.Separator className="mx-2 my-1 h-px bg-line" />}
      <Menu.Item className={look} onClick={item.run}>
        {item.icon && <Icon name={item.icon} size={20} className={item.isDanger ? "" : "text-muted"} />}
        <span className="min-w-0 flex-1 wrap-anywhere">{item.label}</span>
      </Menu.Item>
    </>
  );
}

function pointAt({ x, y }: { x: number; y: number }) {
  return { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) };
}
