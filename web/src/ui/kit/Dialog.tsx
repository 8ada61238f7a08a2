import { type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import { Button, type ButtonProps } from "./Button";
import { cx } from "./cx";
import { IconButton } from "./IconButton";
import { LiveRegion } from "./LiveRegion";
import { opened } from "./openDialogs";
import { useScrollStop } from "./scrollStop";

interface Props {
  title: string;
  /** It stays open until its owner stops rendering it. */
  onClose: () => void;
  children: ReactNode;
  /** Buttons below what scrolls. */
  footer?: ReactNode;
  /** `low`: on phones at the lower edge. `sheet`: there, too, and as high as the window lets it. */
  size?: "small" | "sheet" | "low";
  /** Has what a tap beside it must not throw away. What is typed into a form in it is known anyway. */
  holds?: boolean;
}

const WIDTH = "w-[min(28rem,calc(100vw-2rem))] rounded-2xl";
const LOW =
  "max-wide:mb-0 max-wide:w-full max-wide:max-w-full max-wide:rounded-b-none max-wide:pb-[env(safe-area-inset-bottom)]";
const SIZES = {
  small: `max-h-[min(44rem,calc(var(--app-height,100dvh)-2rem))] ${WIDTH}`,
  low: `max-h-[min(44rem,calc(var(--app-height,100dvh)-2rem))] ${WIDTH} ${LOW}`,
  sheet: `h-[min(44rem,calc(var(--app-height,100dvh)-2rem))] ${WIDTH} ${LOW} max-wide:h-[calc(var(--app-height,100dvh)-2rem)] max-wide:max-h-none`,
};

/** What has the focus at first, where there is such a thing; else the browser chooses. */
const FIRST = "[data-autofocus], input, textarea";

/** The browser's own modal dialog: it keeps the focus, takes Escape, and gives the focus back. */
export function Dialog({ title, onClose, children, footer, size = "small", holds = false }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const body = useRef<HTMLDivElement>(null);
  useScrollStop(body);
  const titleId = useId();
  const [before] = useState(() => document.activeElement);
  const [isWritten, setWritten] = useState(false);
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (!shown) return;
    shown.showModal();
    shown.querySelector<HTMLElement>(FIRST)?.focus();
    const gone = opened(shown);
    return () => {
      gone();
      shown.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [before]);

  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onInput={({ target }) => target instanceof Element && target.closest("form") && setWritten(true)}
      closedby={holds || isWritten ? "closerequest" : "any"}
      className={cx(
        "rise-in hidden flex-col overflow-hidden open:flex",
        "bg-raised text-start text-ink shadow-pop outline-none backdrop:bg-(--scrim) forced-colors:border",
        SIZES[size],
      )}
    >
      <div className="flex items-start gap-2 ps-5 pe-2 pt-2">
        <h2
          id={titleId}
          className="my-2 line-clamp-3 min-w-0 flex-1 text-balance text-lg font-semibold wrap-anywhere"
          dir="auto"
        >
          {title}
        </h2>
        <IconButton icon="close" label={t("kit.close")} onClick={onClose} />
      </div>
      <div
        ref={body}
        className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5 wrap-break-word focus-visible:-outline-offset-2 has-[+_footer]:pb-2"
      >
        {children}
      </div>
      {footer && <footer className="flex flex-wrap justify-end gap-2 px-5 py-4">{footer}</footer>}
      <LiveRegion />
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  /** The button says what it does: "Delete", never "Yes". */
  action: string;
  look?: ButtonProps["look"];
  isBusy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog({
  title,
  text,
  action,
  look = "danger",
  isBusy,
  onConfirm,
  onClose,
}: ConfirmProps) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose} data-autofocus>
            {t("kit.cancel")}
          </Button>
          <Button look={look} isBusy={isBusy} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      <p className="text-muted">{text}</p>
    </Dialog>
  );
}
