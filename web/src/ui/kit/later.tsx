import { type ComponentType, lazy } from "react";

/** A part of the client that did not come over the network: worth another try, unlike one that broke. */
export class NotLoaded extends Error {}

const anew = new Set<() => void>();

/** A component in a chunk of its own. Unlike with `lazy` alone, one that did not come can be asked for again. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const ask = () =>
    lazy(async () => {
      try {
        return { default: await load() };
      } catch (cause) {
        anew.add(() => {
          current = ask();
        });
        throw new NotLoaded("a part did not load", { cause });
      }
    });
  let current = ask();
  // biome-ignore lint/correctness/noComponentHookFactories: made once for each part, as by `lazy`
  return function Later(props: P) {
    const Part = current;
    return <Part {...props} />;
  };
}

/** Once it has been told: not sooner, or a part that fails at once would be asked for without end. */
export function askAnew(): void {
  for (const again of anew) again();
  anew.clear();
}
