import type { MouseEvent, PointerEvent } from "react";
import { useLongPress } from "../chats/useLongPress";

/** Held down by a finger, or asked for a menu. Links and selected text keep the browser's own. */
export function usePress(onPress: (at: { x: number; y: number }) => void) {
  const hold = useLongPress(onPress);
  return {
    ...hold,
    onPointerDown: (event: PointerEvent) => {
      if (!isControl(event.target)) hold.onPointerDown(event);
    },
    onContextMenu: (event: MouseEvent) => {
      if (isLink(event.target) || hasSelection(event.currentTarget)) return;
      event.preventDefault();
      hold.onPointerCancel();
      onPress({ x: event.clientX, y: event.clientY });
    },
  };
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a, button") !== null;
}

function isLink(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a") !== null;
}

function hasSelection(within: Element): boolean {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(within, true);
}
