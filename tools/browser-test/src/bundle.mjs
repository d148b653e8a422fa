import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const source = dirname(fileURLToPath(import.meta.url));

/** The pages that there are, by their folders. */
const ROOTS = { runs: join(source, 'pages'), kernels: join(source, '../test/kernels') };

/**
 * Bundles a page of the test, and its worker, as an application would.
 *
 * @param {string} folder - where they go
 * @param {keyof typeof ROOTS} [which]
 */
export async function bundlePages(folder, which = 'runs') {
  await build({
    root: ROOTS[which],
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
