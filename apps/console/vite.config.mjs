import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** One module script and its chunks, nothing inline: the pages run under a policy that allows neither. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { conditions: ['@orgn/source', ...defaultClientConditions] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    target: 'es2022',
    // Both themes in one declaration, as they are written.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    reportCompressedSize: false,
  },
});
