import { defineConfig } from '@playwright/test';
import { browserNames } from '@tools/browsers/installed';

export default defineConfig({
  testDir: 'test/pages',
  // For a machine that may have one core, and that busy: limits of patience.
  timeout: 600_000,
  expect: { timeout: 300_000 },
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  reporter: [['list']],
  outputDir: 'dist/test-results',
  projects: browserNames.flatMap((name) => [
    { name: `find ${name}`, testMatch: 'browser.setup.ts' },
    {
      name,
      testMatch: '*.spec.ts',
      ...(name === 'firefox' && { grepInvert: /@chromium/ }), // what no browser decides
      dependencies: [`find ${name}`],
    },
  ]),
});
