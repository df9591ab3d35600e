// Runs the unit tests; apart from vite.config.ts, since building needs no test packages.
import { defineConfig, mergeConfig } from 'vitest/config';
import app from './vite.config';

export default mergeConfig(
  app,
  defineConfig({
    test: { environment: 'jsdom', setupFiles: ['./src/testing.ts'], include: ['src/**/*.test.{ts,tsx}'] },
  }),
);
