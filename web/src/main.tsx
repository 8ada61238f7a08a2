/** Starts the client: puts together what each part needs, and shows it. */

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createShell } from "./shell";
import { createEars } from "./shell/ears";
import { permission } from "./shell/notifications";
import { registerWorker } from "./shell/update";
import { inBrowser, startMessenger } from "./sync/start";
import "./styles/index.css";
import { App } from "./ui/frame/App";
import { sayCannotStart } from "./ui/frame/cannotStart";
import { takeTokens } from "./ui/frame/linkToken";
import { MessengerProvider } from "./ui/frame/messenger";
import { followPreferences, preferences } from "./ui/frame/preferences";
import { followSeen } from "./ui/frame/seen";
import { ShellProvider } from "./ui/frame/shell";

async function start(root: HTMLElement): Promise<void> {
  takeTokens();
  followSeen();
  const ears = createEars(() => permission() === "granted" && preferences.getState().notifies);
  const messenger = startMessenger(inBrowser(ears));
  const shell = createShell(ears);
  await followPreferences();
  createRoot(root).render(
    <StrictMode>
      <ShellProvider shell={shell}>
        <MessengerProvider messenger={messenger}>
          <App />
        </MessengerProvider>
      </ShellProvider>
    </StrictMode>,
  );
  // Works without one as well: offline starts and notifications then need the page.
  if (import.meta.env.PROD) registerWorker().catch(() => {});
}

const root = document.getElementById("root");
if (root) {
  start(root).catch((error) => {
    sayCannotStart(root);
    reportError(error);
  });
}
