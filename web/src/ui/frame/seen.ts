/**
 * What an on-screen keyboard leaves of the window. Most browsers make the page smaller for it; Safari
 * lays the keyboard over the page and moves the page up instead, so the page has to ask.
 */

interface Window {
  /** Of the page. */
  page: number;
  /** Of what is seen of it, and how far down that begins. */
  height: number;
  offsetTop: number;
  scale: number;
}

/** Less than this is a bar of the browser's own that comes and goes. */
const LEAST_KEYBOARD_PX = 80;

/** Pure, for tests: null where all of the page can be seen, or who looks closer wants to see less. */
export function seenOf({ page, height, offsetTop, scale }: Window): Record<string, number> | null {
  if (Math.abs(scale - 1) > 0.01 || page - height < LEAST_KEYBOARD_PX) return null;
  const top = Math.max(0, Math.min(Math.round(offsetTop), Math.round(page - height)));
  const seen = Math.round(height);
  return { "--app-height": seen, "--app-top": top, "--app-bottom": Math.round(page) - top - seen };
}

const NAMES = ["--app-height", "--app-top", "--app-bottom"];

/** Has the styles know it, from now on. */
export function followSeen(): void {
  const { visualViewport } = window;
  if (!visualViewport) return;
  const { documentElement: root } = document;
  const look = () => {
    const { height, offsetTop, scale } = visualViewport;
    const seen = seenOf({ page: root.clientHeight, height, offsetTop, scale });
    for (const name of NAMES) {
      if (seen) root.style.setProperty(name, `${seen[name]}px`);
      else root.style.removeProperty(name);
    }
  };
  visualViewport.addEventListener("resize", look);
  visualViewport.addEventListener("scroll", look);
}
