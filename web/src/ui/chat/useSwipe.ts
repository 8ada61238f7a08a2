import { type PointerEvent, useRef } from "react";
import { direction } from "../../i18n";

/** Swipes that begin at a side of the screen are the system's: back, or the next app. */
const EDGE_PX = 32;
const SLIPPED_PX = 10;
const TRIGGER_PX = 56;
const FARTHEST_PX = 72;

interface Drag {
  x: number;
  y: number;
  /** Null until it is clear whether it scrolls or swipes. */
  isSwipe: boolean | null;
  distance: number;
}

/** A finger draws the row towards the end of the line, far enough, and lets go. Needs `touch-pan-y`. */
export function useSwipe(onSwiped: (() => void) | null) {
  const drag = useRef<Drag | null>(null);

  const end = (row: EventTarget & HTMLElement, isDone: boolean) => {
    const distance = drag.current?.distance ?? 0;
    drag.current = null;
    place(row, 0);
    if (isDone && distance >= TRIGGER_PX) onSwiped?.();
  };

  return {
    onPointerDown: ({ pointerType, isPrimary, clientX: x, clientY: y }: PointerEvent<HTMLElement>) => {
      const isInside = x > EDGE_PX && x < innerWidth - EDGE_PX;
      const isOurs = onSwiped && pointerType === "touch" && isPrimary && isInside;
      drag.current = isOurs ? { x, y, isSwipe: null, distance: 0 } : null;
    },
    onPointerMove: ({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>) => {
      const now = drag.current;
      if (!now) return;
      const along = (clientX - now.x) * (direction() === "rtl" ? -1 : 1);
      const across = Math.abs(clientY - now.y);
      if (now.isSwipe === null && Math.max(Math.abs(along), across) > SLIPPED_PX) {
        now.isSwipe = along > 2 * across;
      }
      if (!now.isSwipe) return;
      const distance = Math.min(Math.max(along - SLIPPED_PX, 0), FARTHEST_PX);
      if (distance >= TRIGGER_PX && now.distance < TRIGGER_PX) navigator.vibrate?.(10);
      now.distance = distance;
      place(currentTarget, distance);
    },
    onPointerUp: ({ currentTarget }: PointerEvent<HTMLElement>) => end(currentTarget, true),
    onPointerCancel: ({ currentTarget }: PointerEvent<HTMLElement>) => end(currentTarget, false),
  };
}

/** Past React: it happens with each move of the finger. */
function place(row: HTMLElement, distance: number): void {
  row.toggleAttribute("data-swiped", distance > 0);
  row.style.translate = distance > 0 ? `${distance * (direction() === "rtl" ? -1 : 1)}px` : "";
  row.style.setProperty("--swiped", `${Math.min(1, distance / TRIGGER_PX)}`);
}

type Handlers = ReturnType<typeof useSwipe>;

/** Both hear of the finger. */
export function together(
  first: { [K in keyof Handlers]: (event: PointerEvent<HTMLElement>) => void },
  second: Handlers,
): Handlers {
  const both = (key: keyof Handlers) => (event: PointerEvent<HTMLElement>) => {
    first[key](event);
    second[key](event);
  };
  return {
    onPointerDown: both("onPointerDown"),
    onPointerMove: both("onPointerMove"),
    onPointerUp: both("onPointerUp"),
    onPointerCancel: both("onPointerCancel"),
  };
}
