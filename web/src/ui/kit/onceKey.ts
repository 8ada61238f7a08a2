import { useRef } from "react";

/** A key for the server by which it knows another try at the same thing; something else has another. */
export function useOnceKey(): (what: unknown) => string {
  const last = useRef({ what: "", key: "" });
  return (what) => {
    const asked = JSON.stringify(what);
    if (last.current.what !== asked) last.current = { what: asked, key: crypto.randomUUID() };
    return last.current.key;
  };
}
