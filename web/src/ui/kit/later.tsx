import { type ComponentType, useSyncExternalStore } from "react";

/** A part of the client that did not come over the network: worth another try, unlike one that broke. */
export class NotLoaded extends Error {}

type Later<P> = ComponentType<P> & {
  /** Loads it before it is needed; what comes of that shows when it is. */
  ahead: () => void;
};

const anew = new Set<() => void>();

/**
 * A component in a chunk of its own; until that is there, `Waiting` or nothing. It shows at once then:
 * after a fallback of `Suspense` React would wait for 300 ms. One that did not come can be asked for again.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  Waiting?: ComponentType,
): Later<P> {
  const listeners = new Set<() => void>();
  let come: ComponentType<P> | NotLoaded | null = null;
  let isAsked = false;

  function take(next: ComponentType<P> | NotLoaded) {
    come = next;
    for (const listener of listeners) listener();
  }
  function ask() {
    if (isAsked) return;
    isAsked = true;
    load().then(take, (cause) => {
      isAsked = false;
      // Whoever wants it next asks anew.
      if (listeners.size === 0) return;
      take(new NotLoaded("a part did not load", { cause }));
      anew.add(() => {
        come = null;
      });
    });
  }
  function listen(listener: () => void) {
    listeners.add(listener);
    if (!come) ask();
    return () => listeners.delete(listener);
  }

  function Later(props: P) {
    const Part = useSyncExternalStore(listen, () => come);
    if (Part instanceof NotLoaded) throw Part;
    if (Part) return <Part {...props} />;
    ask();
    return Waiting ? <Waiting /> : null;
  }
  Later.ahead = ask;
  return Later;
}

/** Once it has been told: not sooner, or a part that fails at once would be asked for without end. */
export function askAnew(): void {
  for (const again of anew) again();
  anew.clear();
}

/** Once there is nothing else to do, in this order. */
export function loadAhead(parts: readonly Pick<Later<never>, "ahead">[]): () => void {
  const [next, ...rest] = parts;
  if (!next) return () => {};
  let cancelRest = () => {};
  const cancel = whenIdle(() => {
    next.ahead();
    cancelRest = loadAhead(rest);
  });
  return () => {
    cancel();
    cancelRest();
  };
}

/** Safari cannot tell when it is. */
function whenIdle(work: () => void): () => void {
  if (!("requestIdleCallback" in globalThis)) {
    const timer = setTimeout(work, 1_000);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work);
  return () => cancelIdleCallback(handle);
}
