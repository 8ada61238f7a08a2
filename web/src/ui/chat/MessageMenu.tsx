import { lazy, type ReactNode, Suspense, useCallback, useRef, useState } from "react";
import type { Message } from "../../wire";
import type { Anchor } from "./tools";

const MessageMenuPopup = lazy(async () => ({
  default: (await import("./MessageMenuPopup")).MessageMenuPopup,
}));

interface MessageMenu {
  open: (message: Message, anchor: Anchor) => void;
  popup: ReactNode;
}

/** One menu for all messages, made only once it opens. */
export function useMessageMenu(): MessageMenu {
  const [opened, setOpened] = useState<{ nth: number; message: Message; anchor: Anchor } | null>(null);
  const count = useRef(0);
  const open = useCallback((message: Message, anchor: Anchor) => {
    count.current += 1;
    setOpened({ nth: count.current, message, anchor });
  }, []);
  // A new one each time: the one before may still be closing.
  const popup = opened && (
    <Suspense>
      <MessageMenuPopup
        key={opened.nth}
        message={opened.message}
        anchor={opened.anchor}
        onClose={() => setOpened((now) => (now === opened ? null : now))}
      />
    </Suspense>
  );
  return { open, popup };
}
