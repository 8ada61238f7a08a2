import { Menu } from "@base-ui/react/menu";
import { useState } from "react";
import { t } from "../../i18n";
import type { Message } from "../../wire";
import { useCloseRequest } from "../kit/closeRequest";
import { cx } from "../kit/cx";
import { Icon } from "../kit/Icon";
import { useNewPress } from "../kit/newPress";
import { type Action, useMessageActions } from "./messageActions";
import type { Anchor } from "./tools";

const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

interface Props {
  message: Message;
  anchor: Anchor;
  onClose: () => void;
}

/** What can be done with a message: a row of quick reactions, then the rest in words. */
export function MessageMenuPopup({ message, anchor, onClose }: Props) {
  const [isOpen, setOpen] = useState(true);
  const isNewPress = useNewPress();
  useCloseRequest(() => setOpen(false));
  const { actions, react, more } = useMessageActions(message);
  return (
    <Menu.Root
      open={isOpen}
      onOpenChange={(open, { reason }) => {
        if (open || reason !== "outside-press" || isNewPress()) setOpen(open);
      }}
      onOpenChangeComplete={(open) => open || onClose()}
    >
      <Menu.Portal container={document.querySelector("main")}>
        <Menu.Positioner
          anchor={anchor instanceof Element ? anchor : pointAt(anchor)}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <Menu.Popup
            aria-label={t("chat.moreActions")}
            className="popup max-h-(--available-height) max-w-(--available-width) overflow-y-auto rounded-2xl border border-line bg-raised p-1.5 text-ink shadow-pop outline-none"
          >
            <div className="grid grid-cols-[repeat(7,minmax(0,2.75rem))] gap-0.5 pb-1">
              {QUICK.map((emoji) => {
                const isOn = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
                return (
                  <Menu.CheckboxItem
                    key={emoji}
                    checked={isOn}
                    closeOnClick
                    aria-label={t("chat.reactWith", { emoji })}
                    onCheckedChange={(on) => react(emoji, on)}
                    className={cx(ROUND, "text-2xl", isOn && "bg-accent-soft")}
                  >
                    {emoji}
                  </Menu.CheckboxItem>
                );
              })}
              <Menu.Item
                aria-label={t("chat.moreReactions")}
                onClick={more}
                className={cx(ROUND, "text-muted")}
              >
                <Icon name="plus" size={20} />
              </Menu.Item>
            </div>
            {actions.map((action) => (
              <Row key={action.label} action={action} />
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

const ROUND =
  "grid aspect-square w-full min-w-0 cursor-default select-none place-items-center rounded-full leading-none outline-none data-highlighted:bg-hover forced-colors:data-highlighted:outline-2";

function Row({ action }: { action: Action }) {
  return (
    <>
      {action.isDanger && <Menu.Separator className="mx-2 my-1 h-px bg-line" />}
      <Menu.Item
        onClick={action.run}
        className={cx(
          "flex min-h-11 cursor-default select-none items-center gap-3 rounded-xl px-3 outline-none",
          "data-highlighted:bg-hover forced-colors:data-highlighted:outline-2",
          action.isDanger && "text-danger data-highlighted:bg-danger-soft",
        )}
      >
        <Icon name={action.icon} size={20} className={action.isDanger ? "" : "text-muted"} />
        {action.label}
      </Menu.Item>
    </>
  );
}

function pointAt({ x, y }: { x: number; y: number }) {
  return { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) };
}
