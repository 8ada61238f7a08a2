import { useEffect, useRef } from "react";
import { t } from "../../i18n";
import { useCloseRequest } from "../kit/closeRequest";
import { EmojiList } from "./EmojiList";

interface Props {
  onChoose: (emoji: string) => void;
  onClose: () => void;
}

/** Over the messages, above the composer. It stays open, for one emoji seldom comes alone. */
export function EmojiPanel({ onChoose, onClose }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  useCloseRequest(onClose);
  useEffect(() => {
    const onPress = (event: PointerEvent) => {
      const composer = panel.current?.parentElement;
      if (event.target instanceof Node && !composer?.contains(event.target)) onClose();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      onClose();
    };
    const shown = panel.current;
    document.addEventListener("pointerdown", onPress);
    shown?.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPress);
      shown?.removeEventListener("keydown", onKey);
    };
  }, [onClose]);
  return (
    <div
      ref={panel}
      role="dialog"
      aria-label={t("chat.emoji.title")}
      className="fade-in absolute start-2 bottom-full z-4 mb-2 flex h-[min(24rem,calc(var(--app-height,100dvh)*0.6))] short:h-[calc(var(--app-height,100dvh)-5.5rem)] w-[min(21rem,calc(100%-1rem))] flex-col overflow-hidden rounded-2xl border border-line bg-raised shadow-pop"
    >
      <EmojiList onChoose={onChoose} />
    </div>
  );
}
