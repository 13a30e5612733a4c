import { defineConfig } from 'vite';
import react from '@vitejs/plugin-react';
import { compress, initialSize } from './scripts/bundle';

const server = process.env.PARLEY_URL ?? 'http://127.0.0.1:7275';

export default defineConfig({
  plugins: [react(), initialSize(300 * 1024), compress()],
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: process.env.CONSOLE_OUT ?? '../artifacts/console/dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    target: 'es2022',
    // These know light-dark(); for older ones it would be rewritten in a way that does not follow the choice made here.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
  },
  server: { proxy: { '/api': { target: server, changeOrigin: false }, '/ws': { target: server, ws: true, changeOrigin: false } } },
});
