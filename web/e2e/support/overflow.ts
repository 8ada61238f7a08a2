/**
 * Runs in the page: what cannot be reached without scrolling sideways, or is cut off at the edge of
 * the window. Texts that end in "…" do so on purpose.
 */
export function sticksOut(): string[] {
  const width = document.documentElement.clientWidth;
  const found: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>("body *")) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    const scrolls = style.overflowX === "auto" || style.overflowX === "scroll";
    if (scrolls && element.tagName !== "PRE" && element.scrollWidth > element.clientWidth + 1) {
      found.push(`scrolls sideways by ${element.scrollWidth - element.clientWidth}: ${nameOf(element)}`);
    }
    // What it holds sticks out with it.
    const parent = element.parentElement;
    if (isOutside(element) && !(parent && isOutside(parent)) && !isCutOnPurpose(element)) {
      const { left, right } = element.getBoundingClientRect();
      found.push(`from ${Math.round(left)} to ${Math.round(right)}: ${nameOf(element)}`);
    }
    if (element.matches("button, a") && isCut(element)) found.push(`is cut: ${nameOf(element)}`);
  }
  return found;

  function isOutside(element: Element): boolean {
    const { left, right, width: own } = element.getBoundingClientRect();
    return own > 1 && (left < -1 || right > width + 1);
  }

  /** A button or link whose words don't fit into it. */
  function isCut(element: HTMLElement): boolean {
    return element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== "visible";
  }

  function isCutOnPurpose(element: HTMLElement): boolean {
    for (let at: HTMLElement | null = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.textOverflow === "ellipsis" || at.tagName === "PRE" || style.clipPath !== "none") return true;
    }
    return false;
  }

  function nameOf(element: HTMLElement): string {
    const words = element.getAttribute("aria-label") ?? element.textContent ?? "";
    return `${element.tagName.toLowerCase()} "${words.slice(0, 40)}" .${element.className.toString().slice(0, 60)}`;
  }
}
