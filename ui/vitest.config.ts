// Runs the unit tests, without a browser but where one says so; apart from vite.config.ts, since building needs no test packages.
import { defineConfig, mergeConfig } from 'vitest/config';
import app from './vite.config';

export default mergeConfig(
  app,
  defineConfig({
    test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
  }),
);
