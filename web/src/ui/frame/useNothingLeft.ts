import { useEffect } from "react";
import { forgetListViews } from "./listViews";
import { useShell } from "./shell";

/** Of who was signed in nothing stays in sight or outside the page, wherever their session was ended. */
export function useNothingLeft(isSignedOut: boolean): void {
  const shell = useShell();
  useEffect(() => {
    if (!isSignedOut) return;
    forgetListViews();
    shell.badge(0);
    void shell.notifications.clear();
    void shell.notifications.heed(null);
  }, [shell, isSignedOut]);
}
