import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where the pages' requests go in development: `WEIR_URL=http://127.0.0.1:5001 npm run dev`. */
const server = process.env.WEIR_URL ?? "http://127.0.0.1:5000";
const proxy = {
  "/api": server,
  "/ajax-api": server,
  "/-/session": server,
  "/-/sessions": server,
  "/version": server,
};

export default defineConfig({
  plugins: [react()],
  // Relative: the server writes its base path into the page's <base>.
  base: "./",
  build: {
    target: "es2022",
    manifest: true,
    // Below this, images would become data: addresses; the first page has none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy },
  preview: { proxy },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
