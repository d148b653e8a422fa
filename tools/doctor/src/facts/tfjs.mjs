import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * An installed copy of one of tfjs' packages that share a registry.
 *
 * @typedef {object} Copy
 * @property {string} name
 * @property {string} version
 * @property {string} path - from the repository's root
 */

const NAMES = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'];
const WORKSPACES = ['packages', 'apps', 'examples', 'tools'];

/**
 * @param {string} root
 * @returns {Copy[]} in the root's node_modules, in those of the workspaces, and in all of their packages'
 */
export function readTfjs(root) {
  const workspaces = WORKSPACES.flatMap((kind) => children(join(root, kind)));
  return [root, ...workspaces]
    .flatMap((folder) => copies(folder))
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return { name, version, path: relative(root, folder) };
    });
}

/**
 * @param {string} folder - that may have a node_modules
 * @returns {string[]}
 */
function copies(folder) {
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) return [];
  const here = NAMES.map((name) => join(modules, name)).filter((path) =>
    existsSync(join(path, 'package.json')),
  );
  const packages = children(modules).flatMap((path) =>
    /[\\/]@[^\\/]+$/.test(path) ? children(path) : [path],
  );
  return [...here, ...packages.flatMap((path) => copies(path))];
}

/**
 * The folders in a folder; links, as to workspaces, are left out.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function children(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
}
