import { useState } from "react";
import { useStore } from "zustand";
import { announced } from "./announce";

/**
 * Rendered once, from the start: regions that come later are not listened to. Once more in each
 * dialog, as all outside of that is not heard while it is open.
 */
export function LiveRegion() {
  const now = useStore(announced);
  const [before] = useState(now);
  const said = (how: keyof typeof now) => (now[how] === before[how] ? null : now[how]);
  const polite = said("polite");
  const assertive = said("assertive");
  return (
    <>
      <div className="sr-only" aria-live="polite">
        {polite && <p key={polite.nonce}>{polite.text}</p>}
      </div>
      <div className="sr-only" aria-live="assertive">
        {assertive && <p key={assertive.nonce}>{assertive.text}</p>}
      </div>
    </>
  );
}
