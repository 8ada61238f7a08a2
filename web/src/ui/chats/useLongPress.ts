import { type PointerEvent, useRef } from "react";

const HELD_MS = 500;
const SLIPPED_PX = 10;

/** For fingers, where holding opens no context menu by itself. A press that slips is a scroll. */
export function useLongPress(onHeld: (place: { x: number; y: number }) => void) {
  const timer = useRef(0);
  const start = useRef({ x: 0, y: 0 });
  const wasHeld = useRef(false);
  const cancel = () => clearTimeout(timer.current);
  return {
    onPointerDown: ({ pointerType, clientX: x, clientY: y }: PointerEvent) => {
      wasHeld.current = false;
      if (pointerType !== "touch") return;
      start.current = { x, y };
      timer.current = window.setTimeout(() => {
        wasHeld.current = true;
        onHeld({ x, y });
      }, HELD_MS);
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      if (Math.hypot(clientX - start.current.x, clientY - start.current.y) > SLIPPED_PX) cancel();
    },
    onPointerUp: cancel,
    onPointerCancel: cancel,
    onClickCapture: (event: { preventDefault(): void; stopPropagation(): void }) => {
      if (!wasHeld.current) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
