import { type ReactNode, useCallback, useRef, useState } from "react";
import type { Message } from "../../wire";
import { later } from "../kit/later";
import { Popup } from "../kit/Popup";
import type { Anchor } from "./tools";

const MessageMenuPopup = later(async () => (await import("./MessageMenuPopup")).MessageMenuPopup);

interface MessageMenu {
  open: (message: Message, anchor: Anchor) => void;
  popup: ReactNode;
}

interface Opened {
  nth: number;
  message: Message;
  anchor: Anchor;
}

/** One menu for all messages, made only once it opens. */
export function useMessageMenu(): MessageMenu {
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = (one: Opened) => setOpened((now) => (now === one ? null : now));
  const count = useRef(0);
  const open = useCallback((message: Message, anchor: Anchor) => {
    count.current += 1;
    setOpened({ nth: count.current, message, anchor });
  }, []);
  // A new one each time: the one before may still be closing.
  const popup = opened && (
    <Popup key={opened.nth} onFail={() => close(opened)}>
      <MessageMenuPopup message={opened.message} anchor={opened.anchor} onClose={() => close(opened)} />
    </Popup>
  );
  return { open, popup };
}
