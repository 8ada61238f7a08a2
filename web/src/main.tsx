/** Starts the client. */

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <h1>NexusChat</h1>
    </StrictMode>,
  );
}
