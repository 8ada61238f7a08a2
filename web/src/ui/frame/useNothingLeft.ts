import { useEffect } from "react";
import { useShell } from "./shell";

/** Of who was signed in nothing stays outside the page either, wherever their session was ended. */
export function useNothingLeft(isSignedOut: boolean): void {
  const shell = useShell();
  useEffect(() => {
    if (!isSignedOut) return;
    shell.badge(0);
    void shell.notifications.clear();
    void shell.notifications.heed(null);
  }, [shell, isSignedOut]);
}
