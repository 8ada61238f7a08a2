import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";
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
  const [opened, setOpened] = useState<{ message: Message; anchor: Anchor } | null>(null);
  const open = useCallback((message: Message, anchor: Anchor) => setOpened({ message, anchor }), []);
  const popup = opened && (
    <Suspense>
      <MessageMenuPopup {...opened} onClose={() => setOpened(null)} />
    </Suspense>
  );
  return { open, popup };
}
