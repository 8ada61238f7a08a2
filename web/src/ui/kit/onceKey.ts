import { useRef } from "react";

/** A key for the server by which it knows another try at the same thing; something else has another. */
export function useOnceKey(): (what: unknown) => string {
  const keys = useRef(new Map<string, string>());
  return (what) => {
    const asked = JSON.stringify(what);
    const key = keys.current.get(asked) ?? crypto.randomUUID();
    keys.current.set(asked, key);
    return key;
  };
}
