/** Runs in the page: what is pressed, where it is smaller than 24 px and others are too near to it (WCAG 2.5.8). */
export function tooSmall(): string[] {
  const LEAST = 24;
  const PRESSED = "a[href], button, input, select, textarea, summary, [role=menuitem], [role=option]";
  const targets = [...document.querySelectorAll<HTMLElement>(PRESSED)].filter(isPressed).map(areaOf);
  return targets
    .filter(({ element, box }) => isSmall(box) && getComputedStyle(element).display !== "inline")
    .filter(({ element, box }) =>
      targets.some((other) => !isWithin(element, other.element) && isNear(other.box, box)),
    )
    .map(({ element, box }) => {
      const words = element.getAttribute("aria-label") ?? element.textContent ?? "";
      return `${Math.round(box.width)}×${Math.round(box.height)}: ${element.tagName} "${words.slice(0, 40)}"`;
    });

  function isPressed(element: HTMLElement): boolean {
    if (element.closest("[inert], [aria-hidden=true]") || element.matches(":disabled")) return false;
    const dialog = document.querySelector("dialog[open]");
    if (dialog && !dialog.contains(element)) return false;
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  }

  /** A label is pressed for what it labels. */
  function areaOf(element: HTMLElement) {
    const whole = element.closest("label") ?? element;
    return { element, box: whole.getBoundingClientRect() };
  }

  function isSmall({ width, height }: DOMRect): boolean {
    return Math.min(width, height) > 0 && Math.min(width, height) < LEAST - 0.5;
  }

  function isWithin(one: HTMLElement, other: HTMLElement): boolean {
    const label = one.closest("label");
    return one.contains(other) || other.contains(one) || (label !== null && label === other.closest("label"));
  }

  /** Whether a circle of that size around the middle of a small one touches the other. */
  function isNear(other: DOMRect, small: DOMRect): boolean {
    const x = small.x + small.width / 2;
    const y = small.y + small.height / 2;
    const dx = Math.max(other.left - x, 0, x - other.right);
    const dy = Math.max(other.top - y, 0, y - other.bottom);
    return Math.hypot(dx, dy) < LEAST / 2 - 0.5;
  }
}
