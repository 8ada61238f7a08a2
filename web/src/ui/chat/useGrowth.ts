import { type RefObject, useLayoutEffect } from "react";

/** Has the text box grow with its text where style sheets can't (`field-sizing: content`). */
export function useGrowth(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text may be another height
  useLayoutEffect(() => {
    if (!CSS.supports("field-sizing", "content")) grow(area.current);
  }, [area, text]);
  useLayoutEffect(() => {
    if (CSS.supports("field-sizing", "content")) return;
    const onResize = () => grow(area.current);
    addEventListener("resize", onResize);
    return () => removeEventListener("resize", onResize);
  }, [area]);
}

function grow(box: HTMLTextAreaElement | null): void {
  if (!box) return;
  box.style.height = "auto";
  const borders = box.offsetHeight - box.clientHeight;
  box.style.height = `${box.scrollHeight + borders}px`;
}
