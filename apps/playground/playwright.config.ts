import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'test/pages',
  testMatch: '*.spec.ts',
  // For a machine that may have one core, and that busy.
  timeout: 300_000,
  expect: { timeout: 120_000 },
  workers: 1,
  forbidOnly: true,
  reporter: [['list']],
  outputDir: 'dist/test-results',
  projects: [
    { name: 'chromium', metadata: { browser: 'chromium' } },
    { name: 'firefox', metadata: { browser: 'firefox' } },
  ],
});
