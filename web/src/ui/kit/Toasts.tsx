import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useStore } from "zustand";
import { t } from "../../i18n";
import { Button } from "./Button";
import { IconButton } from "./IconButton";
import { openDialogs } from "./openDialogs";
import { dismiss, type Toast, toasts } from "./toast";

const STAYS_MS = 6_000;

/** In the top layer, and in the topmost dialog: what lies outside of that can't be pressed. */
export function Toasts() {
  const host = useStore(openDialogs, (open) => open.at(-1)) ?? document.body;
  const shown = useStore(toasts);
  const region = useRef<HTMLDivElement>(null);
  const cameFrom = useRef<Element | null>(null);
  const newest = shown.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another dialog it is another element
  useEffect(() => {
    const { current } = region;
    // Gone with the dialog it was in: it shows where it is next.
    if (!current?.isConnected) return;
    current.hidePopover();
    if (newest !== undefined) current.showPopover();
  }, [newest, host]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one that goes takes the focus along
  useEffect(() => {
    const { current } = cameFrom;
    if (document.activeElement !== document.body || !(current instanceof HTMLElement)) return;
    current.focus();
    cameFrom.current = null;
  }, [shown]);

  return createPortal(
    // biome-ignore lint/a11y/noStaticElementInteractions: it only remembers where the focus came from
    <div
      ref={region}
      popover="manual"
      data-region={shown.length > 0 ? "" : undefined}
      onFocus={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) cameFrom.current = relatedTarget;
      }}
      className="pointer-events-none fixed inset-x-0 top-auto bottom-[calc(5rem+var(--app-bottom,0px))] m-0 w-full bg-transparent p-4 wide:bottom-[calc(1rem+var(--app-bottom,0px))]"
    >
      <div className="mx-auto flex max-w-110 flex-col gap-2">
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} />
        ))}
      </div>
    </div>,
    host,
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
