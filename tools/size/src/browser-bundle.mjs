import { isBuiltin } from 'node:module';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/**
 * A bundle for browsers.
 *
 * @typedef {object} Bundle
 * @property {number} bytes - minified; of JavaScript, all chunks
 * @property {number} gzipBytes - the same, each chunk compressed
 */

const ENTRY = '\0entry';

/**
 * Bundles a module for browsers with vite, as an application would.
 *
 * @param {string} code - JavaScript
 * @param {string} folder - from where its imports are found
 * @returns {Promise<Bundle>}
 * @throws {Error} when a module of Node is imported, naming who imports it
 */
export async function browserBundle(code, folder) {
  const result = await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    plugins: [noNode(), entryOf(code, folder)],
    build: { write: false, target: 'es2022', rollupOptions: { input: ENTRY } },
  });
  const { output } = /** @type {{ output: { type: string, code?: string }[] }} */ (result);
  const chunks = output.flatMap((chunk) => (chunk.type === 'chunk' ? [chunk.code ?? ''] : []));
  return {
    bytes: sum(chunks.map((chunk) => Buffer.byteLength(chunk))),
    gzipBytes: sum(chunks.map((chunk) => gzipSync(chunk, { level: 9 }).length)),
  };
}

/**
 * @param {string} code
 * @param {string} folder
 * @returns {import('vite').Plugin}
 */
function entryOf(code, folder) {
  return {
    name: 'entry',
    enforce: 'pre',
    resolveId(id, importer) {
      if (id === ENTRY) return id;
      return importer === ENTRY ? this.resolve(id, `${folder}/entry.js`, { skipSelf: true }) : null;
    },
    load: (id) => (id === ENTRY ? code : null),
  };
}

/** @returns {import('vite').Plugin} */
function noNode() {
  return {
    name: 'no-node',
    enforce: 'pre',
    resolveId(id, importer = '') {
      // TensorFlow.js asks for some by `require`, in branches for Node; its manifests have browsers leave them out
      if (!id.startsWith('node:') && (!isBuiltin(id) || importer.includes('/node_modules/')))
        return;
      throw new Error(`${importer} imports ${id}, which browsers don't have`);
    },
  };
}

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
