/** Counts what React renders, as its developer tools do: by what it tells of each commit. */

import type { BrowserContext, Page } from "@playwright/test";

export interface Renders {
  /** Rows of the list of chats. */
  rows: number;
  /** What stands around those rows. */
  parents: number;
  /** What is in the open chat. */
  chat: number;
}

/** What of a fiber this looks at. */
interface Fiber {
  tag: number;
  flags: number;
  child: Fiber | null;
  sibling: Fiber | null;
  alternate: Fiber | null;
  stateNode: unknown;
}

type Counting = typeof globalThis & { renders: Renders };

/** From the next page on. */
export async function countRenders(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const FUNCTIONS = [0, 11, 14, 15];
    const HOST = 5;
    const PERFORMED_WORK = 1;
    const renders: Renders = { rows: 0, parents: 0, chat: 0 };
    const elementOf = (fiber: Fiber): Element | null => {
      for (let at = fiber.child; at; at = at.child) if (at.tag === HOST) return at.stateNode as Element;
      return null;
    };
    const count = (fiber: Fiber) => {
      const list = document.querySelector("[aria-label='Chats']");
      const element = elementOf(fiber);
      if (!element || !list) return;
      if (element.parentElement === list) renders.rows += 1;
      else if (element.contains(list)) renders.parents += 1;
      else if (element.closest("main")) renders.chat += 1;
    };
    const visit = (fiber: Fiber, before: Fiber | null) => {
      if (FUNCTIONS.includes(fiber.tag) && fiber.flags & PERFORMED_WORK) count(fiber);
      // Else nothing below it was touched in this commit.
      if (fiber.child === before?.child) return;
      for (let at = fiber.child; at; at = at.sibling) visit(at, before && at.alternate);
    };
    const hook = {
      supportsFiber: true,
      inject: () => 1,
      onCommitFiberRoot: (_: number, { current }: { current: Fiber }) => visit(current, current.alternate),
      onCommitFiberUnmount: () => {},
      onPostCommitFiberRoot: () => {},
    };
    Object.assign(globalThis, { renders, __REACT_DEVTOOLS_GLOBAL_HOOK__: hook });
  });
}

/** What was rendered since it was asked last. */
export function rendersOf(page: Page): Promise<Renders> {
  return page.evaluate(() => {
    const { renders } = globalThis as Counting;
    const counted = { ...renders };
    Object.assign(renders, { rows: 0, parents: 0, chat: 0 });
    return counted;
  });
}
