import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Timeline } from "../../sync/model";
import type { Goal } from "./goal";

const FLASH_MS = 1_500;

/** Follows the jumps that are asked for. Answers which message to flash. */
export function useTarget(timeline: Timeline, goTo: (goal: Goal) => void, first: Goal): number | null {
  const { target } = timeline;
  const done = useRef<number | null>(null);
  // A chat that is opened where it was left is loaded around a message that nobody asked to see.
  const left = useRef(first.kind === "row" ? first.seq : null);
  const [flash, setFlash] = useState<{ seq: number; nonce: number } | null>(null);
  useLayoutEffect(() => {
    if (target === null || target.nonce === done.current) return;
    done.current = target.nonce;
    const isLeft = left.current === target.seq;
    left.current = null;
    if (isLeft) return;
    goTo({ kind: "seq", seq: target.seq });
    setFlash(target);
  }, [target, goTo]);
  useEffect(() => {
    if (flash === null) return;
    const timer = setTimeout(() => setFlash(null), FLASH_MS);
    return () => clearTimeout(timer);
  }, [flash]);
  return flash?.seq ?? null;
}
