// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vite";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    manifest: true,
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: { input: { staff: "staff/main.tsx" } },
  },
});
