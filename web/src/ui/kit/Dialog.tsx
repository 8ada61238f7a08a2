import { type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import { Button, type ButtonProps } from "./Button";
import { cx } from "./cx";
import { IconButton } from "./IconButton";

interface Props {
  title: string;
  /** It stays open until its owner stops rendering it. */
  onClose: () => void;
  children: ReactNode;
  /** Buttons below what scrolls. */
  footer?: ReactNode;
  /** `sheet`: as high as the window lets it, for lists that load. */
  size?: "small" | "sheet";
}

/** What has the focus at first, where there is such a thing; else the browser chooses. */
const FIRST = "[data-autofocus], input, textarea";

/** The browser's own modal dialog: it keeps the focus, takes Escape, and gives the focus back. */
export function Dialog({ title, onClose, children, footer, size = "small" }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const [before] = useState(() => document.activeElement);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    shown?.querySelector<HTMLElement>(FIRST)?.focus();
    return () => {
      shown?.close();
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
      closedby="any"
      className={cx(
        "rise-in hidden max-h-[min(44rem,calc(100dvh-2rem))] w-[min(28rem,calc(100vw-2rem))] flex-col overflow-hidden open:flex",
        "rounded-2xl bg-raised text-start text-ink shadow-pop outline-none backdrop:bg-(--scrim) forced-colors:border",
        size === "sheet" && "h-[min(44rem,calc(100dvh-2rem))]",
      )}
    >
      <div className="flex items-center gap-2 ps-5 pe-2 pt-2">
        <h2 id={titleId} className="min-w-0 flex-1 truncate text-lg font-semibold" dir="auto">
          {title}
        </h2>
        <IconButton icon="close" label={t("kit.close")} onClick={onClose} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5 wrap-break-word has-[+_footer]:pb-2">
        {children}
      </div>
      {footer && <footer className="flex flex-wrap justify-end gap-2 px-5 py-4">{footer}</footer>}
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
