import type { KeyboardEvent, RefObject } from "react";
import { t } from "../../i18n";
import { useIsAway } from "../frame/away";
import { useMessenger } from "../frame/messenger";
import { cx } from "../kit/cx";
import { useGrowth } from "./useGrowth";

interface Props {
  area: RefObject<HTMLTextAreaElement | null>;
  text: string;
  /** Characters left, once that matters. */
  left: number | null;
  choices: { listId: string; activeId: string } | null;
  onChange: (text: string, caret: number) => void;
  /** Answers whether the key was for it. */
  onKey: (event: KeyboardEvent) => boolean;
  onBlur: () => void;
}

/** The text box itself. It is never disabled: what is written offline is sent later. */
export function ComposerBox({ area, text, left, choices, onChange, onKey, onBlur }: Props) {
  const isOffline = useIsAway();
  useGrowth(area, text);
  const isCacheOff = useMessenger((state) => state.isCacheOff);
  const offline = isCacheOff ? "chat.placeholderUnkept" : "chat.placeholderOffline";
  return (
    <div className="relative min-w-0 flex-1">
      <textarea
        ref={area}
        rows={1}
        dir="auto"
        value={text}
        aria-label={t("chat.message")}
        placeholder={t(isOffline ? offline : "chat.placeholder")}
        enterKeyHint="enter"
        {...(choices && {
          role: "combobox",
          "aria-expanded": true,
          "aria-autocomplete": "list",
          "aria-controls": choices.listId,
          "aria-activedescendant": choices.activeId,
        })}
        aria-describedby={left === null ? undefined : "chars-left"}
        aria-invalid={left !== null && left < 0 ? true : undefined}
        onChange={(event) => onChange(event.target.value, event.target.selectionStart)}
        onKeyDown={(event) => {
          if (onKey(event)) {
            event.preventDefault();
            event.stopPropagation();
          }
        }}
        onBlur={onBlur}
        className="field-sizing-content block max-h-[calc(var(--app-height,100dvh)*0.4)] min-h-11 w-full resize-none rounded-3xl border border-line-strong bg-sunken px-4 py-2.5 leading-snug outline-offset-0 placeholder:text-muted"
      />
      {left !== null && (
        <span
          id="chars-left"
          className={cx(
            "absolute end-3 -top-5 rounded bg-surface px-1 text-xs tabular-nums",
            left < 0 ? "font-semibold text-danger" : "text-muted",
          )}
        >
          {left < 0 ? t("chat.charsOver", { count: -left }) : t("chat.charsLeft", { count: left })}
        </span>
      )}
    </div>
  );
}
