import { useEffect, useState } from "react";
import type { Timestamp } from "../../wire";
import { cx } from "../kit/cx";
import { DayPill } from "./DayLine";

const STAYS_MS = 1_000;

/** The day of what is at the top, while the list moves. `nonce` changes as it does. */
export function FloatingDay({ shown }: { shown: { time: Timestamp; nonce: number } | null }) {
  const [isOn, setOn] = useState(false);
  const nonce = shown?.nonce;
  useEffect(() => {
    if (nonce === undefined) return;
    setOn(true);
    const timer = setTimeout(() => setOn(false), STAYS_MS);
    return () => clearTimeout(timer);
  }, [nonce]);
  return (
    <div
      aria-hidden="true"
      className={cx(
        "pointer-events-none absolute inset-x-0 top-2 flex justify-center transition-opacity duration-(--calm)",
        isOn ? "opacity-100" : "opacity-0",
      )}
    >
      {shown && <DayPill time={shown.time} />}
    </div>
  );
}
