import { readmeSnippets, stripTypes } from '@tools/package-test';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { browserBundle } from './browser-bundle.mjs';

/**
 * Sizes in bytes.
 *
 * @typedef {object} Size
 * @property {string} name - of a package, or of what is measured
 * @property {number} [packed] - the tarball
 * @property {number} [unpacked] - what is in it
 * @property {number} [bundle] - what a browser loads of all its exports and what they import, minified
 * @property {number} [gzip] - the same, compressed
 */

/** The README's script, as a page would load it. */
const LECTURE = 'the lecture’s MLP, trained in a page';

/** What a page fetches beside its bundle. */
const BINARY = 'tfjs-backend-wasm-simd.wasm, beside it';

/** What the playground loads before a run's first step, beside that file. */
const PLAYGROUND = 'the playground, until its first step';

/** A package for Node alone, of which a browser loads nothing. */
const NODE_ALONE = '@llm101/wandb';

/** Files of the built page that it loads at once. */
const AT_ONCE = /^(index|entry|engine|check|setting-form|names|page)-[\w-]+\.(js|css)$/;

/**
 * The sizes of all packages that are published, and of the lecture's training in a browser.
 *
 * @param {string} root - the repository's folder, built
 * @returns {Promise<Size[]>}
 */
export async function measure(root) {
  const sizes = [];
  for (const folder of publishedFolders(root)) {
    const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const size = { name, ...tarball(folder) };
    if (exports['.'] === undefined || name === NODE_ALONE) sizes.push(size);
    else sizes.push({ ...size, ...(await bundleOf(entryModule(name), root)) });
  }
  const [{ code }] = readmeSnippets(readFileSync(join(root, 'README.md'), 'utf8'));
  const lecture = { name: LECTURE, ...(await bundleOf(stripTypes(code), root)) };
  return [...sizes, lecture, playground(root), { name: BINARY, ...binary(root) }];
}

/**
 * @param {string} root
 * @returns {Size}
 */
function playground(root) {
  const site = join(root, 'apps/playground/dist/site');
  const assets = readdirSync(join(site, 'assets')).filter((file) => AT_ONCE.test(file));
  const files = ['index.html', ...assets.map((file) => join('assets', file))];
  const contents = files.map((file) => readFileSync(join(site, file)));
  return {
    name: PLAYGROUND,
    bundle: sum(contents.map((content) => content.length)),
    gzip: sum(contents.map((content) => gzipSync(content, { level: 9 }).length)),
  };
}

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

/** @param {string} root */
function publishedFolders(root) {
  return ['packages', 'apps']
    .flatMap((kind) => readdirSync(join(root, kind)).map((name) => join(root, kind, name)))
    .filter((folder) => {
      const manifest = join(folder, 'package.json');
      return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).private !== true;
    });
}

/**
 * @param {string} folder
 * @returns {{ packed: number, unpacked: number }}
 */
function tarball(folder) {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [{ size, unpackedSize }] = JSON.parse(
    execFileSync('npm', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  return { packed: size, unpacked: unpackedSize };
}

/** @param {string} name */
const entryModule = (name) => `import * as entry from '${name}';\nglobalThis.entry = entry;\n`;

/**
 * @param {string} code
 * @param {string} root
 */
async function bundleOf(code, root) {
  const { bytes, gzipBytes } = await browserBundle(code, root);
  return { bundle: bytes, gzip: gzipBytes };
}

/**
 * TensorFlow.js' own kernels; ours are in the bundle.
 *
 * @param {string} root
 * @returns {{ bundle: number, gzip: number }}
 */
function binary(root) {
  const { resolve } = createRequire(join(root, 'packages/wasm/package.json'));
  const bytes = readFileSync(
    resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'),
  );
  return { bundle: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

/**
 * What a name may take at most, in kB.
 *
 * @typedef {Readonly<Record<string, Readonly<Record<string, number>>>>} Budget
 */

/** What is guarded: what an installation takes, and what a page loads. */
const FIGURES = /** @type {const} */ (['unpacked', 'gzip']);

/**
 * Which sizes are over their budget.
 *
 * @param {readonly Size[]} sizes
 * @param {Budget} budget - `*` is for names without a row
 * @returns {string[]} a sentence each
 */
export function overBudget(sizes, budget) {
  return sizes.flatMap((size) =>
    FIGURES.flatMap((figure) => {
      const bytes = size[figure];
      const most = (budget[size.name] ?? budget['*'])[figure];
      if (bytes === undefined || most === undefined || bytes <= most * 1000) return [];
      const kilobytes = (bytes / 1000).toFixed(1);
      return [`${size.name}: ${figure} must be at most ${most} kB; got ${kilobytes} kB`];
    }),
  );
}
