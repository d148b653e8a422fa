import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What package-lock.json asks for, and what is there.
 *
 * @typedef {object} Lock
 * @property {boolean} isInstalled - whether there is a node_modules
 * @property {readonly Place[]} places
 * @property {readonly string[]} behind - package.json files with other dependencies than the lockfile has for them
 */

/**
 * @typedef {object} Place
 * @property {string} path - `node_modules/vite`
 * @property {string | undefined} locked - its version; `undefined` for a workspace's link
 * @property {string | undefined} installed - `undefined` when nothing is there
 * @property {boolean} isOptional - for another system, maybe
 */

/** @typedef {{ version?: string, link?: boolean, optional?: boolean, peer?: boolean }} Entry */

const FIELDS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/**
 * @param {string} root
 * @returns {Lock}
 */
export function readLock(root) {
  /** @type {{ packages: Record<string, Entry> }} */
  const { packages } = readJson(join(root, 'package-lock.json'));
  const entries = Object.entries(packages);
  return {
    isInstalled: existsSync(join(root, 'node_modules')),
    places: entries
      .filter(([path]) => path.includes('node_modules/'))
      .map(([path, { version, link = false, optional = false }]) => ({
        path,
        locked: link ? undefined : version,
        installed: installedVersion(join(root, path, 'package.json')),
        isOptional: optional,
      })),
    behind: entries
      .filter(([path]) => !path.includes('node_modules/'))
      .filter(([path, entry]) => asksForOther(join(root, path, 'package.json'), entry))
      .map(([path]) => (path === '' ? 'package.json' : `${path}/package.json`)),
  };
}

/** @param {string} file */
function installedVersion(file) {
  return existsSync(file) ? String(readJson(file).version) : undefined;
}

/**
 * @param {string} file
 * @param {Record<string, unknown>} entry - of the lockfile
 */
function asksForOther(file, entry) {
  if (!existsSync(file)) return true;
  const manifest = readJson(file);
  return FIELDS.some((field) => sorted(manifest[field]) !== sorted(entry[field]));
}

/** @param {unknown} dependencies */
function sorted(dependencies) {
  return JSON.stringify(
    Object.entries(dependencies ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
