import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const pages = join(dirname(fileURLToPath(import.meta.url)), 'pages');

/**
 * Bundles the test's page and its worker as an application would.
 *
 * @param {string} folder - where they go
 */
export async function bundlePages(folder) {
  await build({
    root: pages,
    base: './',
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      chunkSizeWarningLimit: 5000,
      assetsInlineLimit: 0,
    },
  });
}
