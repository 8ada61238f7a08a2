import type { ComponentProps } from "react";
import { go } from "./navigation";

/** A link within the client; with a modifier key the browser does with it what it does with links. */
export function To({ href, onClick, children, ...rest }: ComponentProps<"a"> & { href: string }) {
  return (
    <a
      href={href}
      {...rest}
      onClick={(event) => {
        onClick?.(event);
        const isForBrowser = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
        if (event.defaultPrevented || isForBrowser || event.button !== 0) return;
        event.preventDefault();
        go(href);
      }}
    >
      {children}
    </a>
  );
}
