// Builds the app into the Python package; while developing, hands API calls to a running server.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env.RECADO_SERVER ?? 'http://127.0.0.1:8000';

export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    outDir: 'dist/new', // scripts/ui.py puts it into src/recado/web/dist once it is whole
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // a font inside a style sheet is a data: address, which the security policy forbids
    chunkSizeWarningLimit: 800,
    // What every page needs comes in one file: dozens of small ones take longer to fetch and compress worse.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', tags: ['$initial'] }] } } },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: server, changeOrigin: false }, '/health': server },
  },
});
