import { createContext, type ReactNode, use } from "react";
import type { Shell } from "../../shell";

const Context = createContext<Shell | null>(null);

export function ShellProvider({ shell, children }: { shell: Shell; children: ReactNode }) {
  return <Context value={shell}>{children}</Context>;
}

/** What lies outside of the page: the icon's badge, notifications, other sites. */
export function useShell(): Shell {
  const shell = use(Context);
  if (!shell) throw new Error("a screen stands outside of ShellProvider");
  return shell;
}
