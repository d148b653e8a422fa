import { defineConfig } from 'vitest/config';

// Tests see the sources of every workspace, not its last build.
const conditions = ['@llm101/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['**/test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // All cores: without this a machine of two has one worker.
    maxWorkers: '100%',
    // For a machine that may have one core, and that busy.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    server: { deps: { inline: [/^@llm101\//] } },
  },
});
