import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { t } from "../../i18n";
import { Button } from "./Button";
import { IconButton } from "./IconButton";
import { dismiss, type Toast, toasts } from "./toast";

const STAYS_MS = 6_000;

/** In the top layer, so that it shows over dialogs too. */
export function Toasts() {
  const shown = useStore(toasts);
  const region = useRef<HTMLDivElement>(null);
  const newest = shown.at(-1)?.id;
  useEffect(() => {
    if (newest === undefined) return region.current?.hidePopover();
    region.current?.hidePopover();
    region.current?.showPopover();
  }, [newest]);

  return (
    <div
      ref={region}
      popover="manual"
      className="pointer-events-none fixed inset-x-0 top-auto bottom-20 m-0 w-full bg-transparent p-4 wide:bottom-4"
    >
      <div className="mx-auto flex max-w-110 flex-col gap-2">
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} />
        ))}
      </div>
    </div>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const [isHeld, setHeld] = useState(false);
  const { id, isLasting } = toast;
  useEffect(() => {
    if (isHeld || isLasting) return;
    const timer = setTimeout(() => dismiss(id), STAYS_MS);
    return () => clearTimeout(timer);
  }, [id, isHeld, isLasting]);

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only waits meanwhile
    <fieldset
      aria-label={toast.text}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="rise-in pointer-events-auto flex min-w-0 items-center gap-2 rounded-2xl border border-line bg-raised py-1 ps-4 pe-1 text-ink shadow-pop"
    >
      <p className="min-w-0 flex-1 py-2">{toast.text}</p>
      {toast.action && (
        <Button
          look="plain"
          onClick={() => {
            toast.action?.run();
            dismiss(id);
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton icon="close" iconSize={20} label={t("kit.dismiss")} onClick={() => dismiss(id)} />
    </fieldset>
  );
}
