import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { compress } from "./tools/build/compress.ts";
import { emoji } from "./tools/build/emoji.ts";
import { texts } from "./tools/build/texts.ts";

const SERVER = process.env.NEXUS ?? "http://127.0.0.1:8080";
const ASK = { target: SERVER };

export default defineConfig({
  plugins: [react(), tailwindcss(), emoji(), texts(), worker(), compress()],
  server: {
    host: "127.0.0.1",
    proxy: { "/api": ASK, "/.well-known": ASK, "/socket.io": { ...ASK, ws: true } },
  },
  build: {
    target: "es2022",
    // Nothing inline: the content security policy allows it neither in the page nor as `data:`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Apart, because they change seldom: a new version of the client leaves them cached.
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: "socket", test: /node_modules\/(socket\.io|engine\.io|@socket\.io)/ },
            { name: "disk", test: /node_modules\/dexie\// },
          ],
        },
      },
    },
  },
});

function worker() {
  return VitePWA({
    strategies: "injectManifest",
    srcDir: "src",
    filename: "sw.ts",
    // Both are ours: public/manifest.webmanifest and src/shell/update.ts.
    manifest: false,
    injectRegister: null,
    injectManifest: {
      globPatterns: ["**/*.{js,css,html,svg,png,webmanifest,woff2}"],
      // A hashed name needs no second fingerprint.
      dontCacheBustURLsMatching: /^assets\//,
    },
  });
}
