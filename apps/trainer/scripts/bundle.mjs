/**
 * Bundles the command with all that it imports into `dist`: a chunk for each command, the entry of its threads, TensorFlow.js' SIMD
 * binary, the playground for `llm101 play`, and the licences of what is in it.
 *
 * Installed as packages, these would be 63 and 91 MB, most of it source maps and other editions of TensorFlow.js.
 */
import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licencesOf } from '@tools/licences';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const { resolve } = createRequire(import.meta.url);

const build = await rolldown({
  input: Object.fromEntries(
    ['main', 'worker', 'trial'].map((name) => [name, join(root, 'src', `${name}.ts`)]),
  ),
  platform: 'node',
  // TensorFlow.js asks for it where there is no global fetch; Node has one.
  external: ['node-fetch'],
  resolve: { mainFields: ['module', 'main'] },
  // By these emscripten's loader finds the binary, in the bundle's folder.
  transform: { define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' } },
});
const { output } = await build.write({
  dir: dist,
  format: 'esm',
  minify: { compress: true, codegen: true, mangle: false },
  comments: { legal: false, annotation: true, jsdoc: false },
  banner: '// bundle.LICENSES.txt has the licences of what is bundled here.',
});
await build.close();

const chunks = output.filter(({ type }) => type === 'chunk');
const unbundled = chunks
  .flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
  .filter((path) => !path.startsWith('node:') && !chunks.some(({ fileName }) => fileName === path));
if (unbundled.length > 0) {
  throw new Error(`bundle: expected imports of Node alone; got ${unbundled.join()}`);
}

const binary = 'tfjs-backend-wasm-simd.wasm';
copyFileSync(resolve(`@tensorflow/tfjs-backend-wasm/wasm-out/${binary}`), join(dist, binary));
const playground = dirname(resolve('@apps/playground/package.json'));
const site = join(dist, 'playground');
rmSync(site, { recursive: true, force: true }); // its files are named by their hashes
cpSync(join(playground, 'dist', 'site'), site, { recursive: true });
const licences = licencesOf(chunks.flatMap(({ modules }) => Object.keys(modules)));
const report = fileURLToPath(new URL('vega.LICENSES.txt', import.meta.resolve('@llm101/report')));
writeFileSync(join(dist, 'bundle.LICENSES.txt'), `${licences}\n${readFileSync(report, 'utf8')}`);
