import { useEffect, useRef } from "react";

/** A finger that was held down to open a menu is lifted outside of it: that is no press. */
export function useNewPress(): () => boolean {
  const isNew = useRef(false);
  useEffect(() => {
    const onPress = () => {
      isNew.current = true;
    };
    document.addEventListener("pointerdown", onPress, true);
    return () => document.removeEventListener("pointerdown", onPress, true);
  }, []);
  return () => isNew.current;
}
