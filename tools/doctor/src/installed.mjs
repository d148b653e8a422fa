import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { few, ok, problem } from './finding.mjs';

/** @import { Finding } from './finding.mjs' */

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

const NAME = 'node_modules';

/**
 * @param {Lock} lock
 * @returns {Finding[]}
 */
export function checkLock({ isInstalled, places, behind }) {
  if (!isInstalled) return [problem(NAME, 'nothing is installed', 'npm ci')];
  const missing = places.filter(({ installed, isOptional }) => !isOptional && !installed);
  const others = places.filter(
    ({ locked, installed }) => locked && installed && locked !== installed,
  );
  const findings = [];
  if (behind.length > 0) {
    const found = `package-lock.json is behind ${few(behind)}`;
    findings.push(problem(NAME, found, 'npm install, and commit package-lock.json'));
  }
  if (missing.length > 0) {
    findings.push(problem(NAME, `missing: ${few(missing.map(({ path }) => path))}`, 'npm install'));
  }
  if (others.length > 0) {
    const list = others.map(
      ({ path, locked, installed }) => `${path} is ${installed}, locked ${locked}`,
    );
    findings.push(problem(NAME, few(list), 'npm ci'));
  }
  return findings.length > 0
    ? findings
    : [ok(NAME, `as package-lock.json has it: ${places.length}`)];
}

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

/**
 * One copy of each, and both of one version: two would fight over one global registry.
 *
 * @param {readonly Copy[]} copies
 * @returns {Finding[]}
 */
export function checkTfjs(copies) {
  if (copies.length === 0) return [problem('tfjs', 'not installed', 'npm ci')];
  const twice = copies.filter(({ name }) => copies.filter((copy) => copy.name === name).length > 1);
  if (twice.length > 0) {
    const list = twice.map(({ version, path }) => `${path} (${version})`).join(', ');
    return [problem('tfjs', `several copies: ${list}`, 'give all the same version; npm dedupe')];
  }
  const versions = new Set(copies.map(({ version }) => version));
  const list = copies.map(({ name, version }) => `${name.split('/')[1]} ${version}`).join(', ');
  if (versions.size > 1) return [problem('tfjs', list, 'give both the same version; npm install')];
  return [ok('tfjs', `${list}: one copy each`)];
}
