// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vite";

// Each page is a bundle of its own, so that none loads what only another needs: vite build --mode PAGE.
export default defineConfig(({ mode }) => ({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    manifest: `.vite/${mode}.json`,
    emptyOutDir: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: { input: { [mode]: `${mode}/main.tsx` } },
  },
}));
