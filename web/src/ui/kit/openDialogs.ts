import { createStore } from "zustand/vanilla";

/** Those that are open, the topmost last: the browser keeps everything out of it from everybody. */
export const openDialogs = createStore<readonly HTMLDialogElement[]>(() => []);

export function opened(dialog: HTMLDialogElement): () => void {
  openDialogs.setState([...openDialogs.getState(), dialog], true);
  return () =>
    openDialogs.setState(
      openDialogs.getState().filter((one) => one !== dialog),
      true,
    );
}
