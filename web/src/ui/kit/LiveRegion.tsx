import { useStore } from "zustand";
import { announced } from "./announce";

/** Rendered once, from the start: regions that come later are not listened to. */
export function LiveRegion() {
  const { polite, assertive } = useStore(announced);
  return (
    <>
      <div className="sr-only" aria-live="polite">
        <p key={polite.nonce}>{polite.text}</p>
      </div>
      <div className="sr-only" aria-live="assertive">
        <p key={assertive.nonce}>{assertive.text}</p>
      </div>
    </>
  );
}
