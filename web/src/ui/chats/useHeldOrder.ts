import { useMemo, useState } from "react";
import type { ChatId } from "../../wire";
import { holdOrder } from "./chatFacts";

/** Rows keep their places while a pointer presses one or the keyboard is on one. */
export function useHeldOrder(current: readonly ChatId[]) {
  const [held, setHeld] = useState<readonly ChatId[] | null>(null);
  const ids = useMemo(() => (held ? holdOrder(held, current) : [...current]), [held, current]);
  const hold = () => setHeld((before) => before ?? ids);
  const letGo = () => setHeld(null);
  const isKeyboard = (element: EventTarget | null) =>
    element instanceof Element && element.matches(":focus-visible");
  const holders = {
    onPointerDown: hold,
    onPointerUp: letGo,
    onPointerCancel: letGo,
    onPointerLeave: letGo,
    onFocus: (event: React.FocusEvent) => {
      if (isKeyboard(event.target)) hold();
    },
    onBlur: (event: React.FocusEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget)) letGo();
    },
  };
  return { ids, holders };
}
