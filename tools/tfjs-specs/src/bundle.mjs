/**
 * Bundles tfjs-core, its specs, its wasm backend and `@llm101/wasm` into one file, so that all of them share one engine.
 * The specs ship in tfjs-core's package as ES modules that Node can't import as they are.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const { resolve } = createRequire(import.meta.url);
const core = join(dirname(resolve('@tensorflow/tfjs-core/package.json')), 'dist');
const wasm = join(dirname(resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');

/**
 * Writes the bundle.
 *
 * @param {string} file - a path that ends in `.cjs`
 */
export async function bundleSpecs(file) {
  const build = await rolldown({
    input: fileURLToPath(new URL('specs.mjs', import.meta.url)),
    platform: 'node',
    resolve: {
      alias: {
        '@tensorflow/tfjs-core/dist': core,
        '@tensorflow/tfjs-core': join(core, 'index.js'),
        '@tensorflow/tfjs-backend-wasm': join(wasm, 'index.js'),
      },
      conditionNames: ['@llm101/source', 'import', 'default'],
      extensionAlias: { '.js': ['.ts', '.js'] },
    },
    treeshake: false,
    onLog() {}, // what rolldown finds odd in tfjs is not ours to mend
  });
  await build.write({ file, format: 'cjs', codeSplitting: false });
  await build.close();
}
